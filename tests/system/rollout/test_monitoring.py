"""What a deploy has made of Beszel, without a click, and what Docker tells it."""

import json
from typing import Any

import pytest

from tests.system.production.stack import DOMAIN, PERMANENT
from tests.system.rollout.hearing import listening_webhook
from tests.system.rollout.scenes import Scene, ended_of, explained, notes_of, steps_of
from tests.system.rollout.test_infrastructure import edit_environment
from tests.system.rollout.test_runbooks import operator_on

MONITOR = f"monitor.{DOMAIN}"
ALERTS = {"CPU", "Memory", "Disk", "LoadAvg5", "Status"}
AS_WANTED = "Beszel is as it is wanted."
# The hub asks its agent once a minute.
MINUTE_AND_MORE = 90


class Pages:
    """Beszel as its own pages ask it, logged in as the operator."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        told = self._call("POST", "/api/collections/users/auth-with-password", login(scene))
        self.token = told["token"]

    def records(self, collection: str) -> list[dict[str, Any]]:
        return self._call("GET", f"/api/collections/{collection}/records?perPage=200")["items"]

    def set_alert(self, name: str, *, value: float, minutes: int) -> None:
        systems = [one["id"] for one in self.records("systems")]
        wanted = {"name": name, "value": value, "min": minutes, "systems": systems}
        self._call("POST", "/api/beszel/user-alerts", {**wanted, "overwrite": True})

    def drop_alert(self, name: str) -> None:
        systems = [one["id"] for one in self.records("systems")]
        self._call("DELETE", "/api/beszel/user-alerts", {"name": name, "systems": systems})

    def _call(self, method: str, path: str, content: object = None) -> dict[str, Any]:
        headers = {"Authorization": getattr(self, "token", "")}
        answer = self.scene.production.request(
            path, host=MONITOR, method=method, headers=headers, json=content
        )
        return answer.raise_for_status().json()


def login(scene: Scene) -> dict[str, str]:
    set_for_hub = scene.production.project.inspect("beszel")["Config"]["Env"]
    known = dict(one.split("=", 1) for one in set_for_hub)
    return {"identity": known["USER_EMAIL"], "password": known["USER_PASSWORD"]}


def mended(scene: Scene) -> list[str]:
    """What `menuvo monitoring` says that it has done."""
    done = scene.production.menuvo("monitoring")
    assert done.exit_code == 0, explained(done)
    assert ended_of(done)["sentence"] == AS_WANTED
    return notes_of(done)


@pytest.mark.core
def test_after_a_deploy_beszel_watches_every_container_and_has_its_alerts(scene: Scene) -> None:
    pages = Pages(scene)

    def is_watched() -> bool:
        watched = {one["name"] for one in pages.records("containers")}
        return {scene.production.project.inspect(one)["Name"][1:] for one in PERMANENT} <= watched

    scene.production.until(is_watched, MINUTE_AND_MORE)
    [system] = pages.records("systems")
    assert system["status"] == "up"
    assert {one["name"] for one in pages.records("alerts")} == ALERTS
    [settings] = pages.records("user_settings")
    [channel] = settings["settings"]["webhooks"]
    assert channel.startswith(f"generic+{scene.webhook.url}")
    assert mended(scene) == []


@pytest.mark.core
def test_of_docker_beszel_sees_no_environment_no_file_and_no_log(scene: Scene) -> None:
    project = scene.production.project
    postgres = project.inspect("postgres")["Id"]
    assert json.loads(asked(scene, "/version"))["Version"]
    assert postgres in {one["Id"] for one in json.loads(asked(scene, "/containers/json"))}
    assert json.loads(asked(scene, f"/containers/{postgres}/stats"))["memory_stats"]
    for question in ("json", "archive?path=/run/secrets", "logs?stdout=1", "top", "export"):
        assert is_refused(scene, f"/containers/{postgres}/{question}"), question
    for order in ("stop", "kill", "exec", "update", "stats"):
        assert is_refused(scene, f"/containers/{postgres}/{order}", "--post-data="), order
    assert is_refused(scene, "/containers/create", "--post-data={}")
    assert project.inspect("postgres")["State"]["Status"] == "running"


def test_what_somebody_took_away_is_found_by_the_doctor_and_mended(scene: Scene) -> None:
    Pages(scene).drop_alert("Disk")
    found = json.loads(scene.production.menuvo("doctor").printed)
    [finding] = [one for one in found if one["name"] == "monitoring"]
    assert (finding["status"], finding["fix"]) == ("fail", "menuvo monitoring")
    assert "Beszel's alert for Disk was missing" in finding["found"]
    assert mended(scene) == ["Beszel's alert for Disk was missing. It is mended."]
    assert mended(scene) == []


def test_an_alert_reaches_the_channel_and_names_its_runbook(scene: Scene) -> None:
    before = (scene.production.folder / ".env").read_text()
    networks = scene.production.project.inspect("beszel")["NetworkSettings"]["Networks"]
    [gateway] = [network["Gateway"] for network in networks.values()]
    with listening_webhook(gateway) as webhook:
        edit_environment(scene.production.folder, ALERT_WEBHOOK_URL=webhook.url)
        assert mended(scene) == ["Beszel told others than .env says. It is mended."]
        Pages(scene).set_alert("Memory", value=0.1, minutes=1)
        scene.production.until(lambda: bool(webhook.told), MINUTE_AND_MORE)
        [told] = webhook.take()
        assert "(docs/runbooks/server-overloaded.md) memory above threshold" in told
        assert f"https://{MONITOR}/system/" in told
        assert mended(scene) == ["Beszel's alert for Memory was another one. It is mended."]
        scene.production.until(lambda: bool(webhook.told), MINUTE_AND_MORE)
        assert "memory below threshold" in webhook.take()[0]
    (scene.production.folder / ".env").write_text(before)
    assert mended(scene) == ["Beszel told others than .env says. It is mended."]


def test_the_runbook_of_its_alerts_can_be_followed(scene: Scene) -> None:
    # It finds what is wrong with the machine under this bed, too.
    here = {"./menuvo doctor": "./menuvo doctor || true"}
    said = operator_on(scene, **here).follow("server-overloaded", folder="runbooks")
    assert "are well" in said["./menuvo doctor"]


def test_a_new_password_is_taken_by_a_hub_that_begins_anew(scene: Scene) -> None:
    edit_environment(scene.production.folder, BESZEL_USER_PASSWORD="another-password-of-the-tests")
    done = scene.deploy(scene.steady)
    assert ended_of(done)["outcome"] == "done", explained(done)
    assert any("Beszel takes no login" in one for one in notes_of(done))
    volume = f"{scene.production.project.project.name}_beszel-data"
    here = {"menuvo_beszel-data": volume}
    operator_on(scene, **here).follow("monitoring", folder="reference")
    assert login(scene)["password"] == "another-password-of-the-tests"
    assert {one["name"] for one in Pages(scene).records("alerts")} == ALERTS


def test_a_release_serves_although_beszel_cannot_be_told(scene: Scene) -> None:
    scene.production.compose("stop", "beszel")
    try:
        done = scene.deploy(scene.another("untold"))
        assert ended_of(done)["outcome"] == "done", explained(done)
        assert steps_of(done)["monitoring"] == "done"
        [warning] = [one for one in notes_of(done) if "Beszel may not raise an alarm" in one]
        assert warning.endswith("Afterwards: menuvo monitoring")
    finally:
        scene.production.compose("start", "beszel")
        scene.production.project.up("beszel")


def asked(scene: Scene, path: str, *options: str) -> str:
    """From within, the way of the container's own health check."""
    argv = ("wget", "-q", "-O", "-", *options, f"http://127.0.0.1:2375{path}")
    return scene.production.project.execute("socket-proxy", *argv)


def is_refused(scene: Scene, path: str, *options: str) -> bool:
    shown = ["wget", "-S", "-O", "/dev/null", *options, f"http://127.0.0.1:2375{path}"]
    script = '"$@" 2>&1 || true'
    said = scene.production.project.execute("socket-proxy", "sh", "-c", script, "sh", *shown)
    return "403 Forbidden" in said
