"""The real hub of Beszel becomes what is wanted, and stays it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.menuvo_ops.monitoring.hubs import RunningHub
from tests.menuvo_ops.waiting import eventually
from tests.system.rollout.hearing import listening_webhook

from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.errors import ServiceFailed
from menuvo_ops.monitoring.hub import Settings, Threshold
from menuvo_ops.monitoring.provisioning import provision, require_system
from menuvo_ops.monitoring.wanted import Wanted, wanted

CHANNEL = "generic+https://hooks.example.org/T0?template=json&messagekey=text"
WANTED = Wanted({"CPU": Threshold(90, 10), "Status": Threshold(0, 5)}, (CHANNEL,))


def test_a_new_hub_gets_alerts_and_channels_and_a_second_run_changes_nothing(
    hub: RunningHub,
) -> None:
    beszel = hub.log_in()
    assert provision(beszel, WANTED) == [
        "Beszel's alert for CPU was missing.",
        "Beszel's alert for Status was missing.",
        "Beszel told others than .env says.",
    ]
    assert beszel.thresholds() == WANTED.thresholds
    settings = beszel.settings()
    assert settings is not None
    assert settings.content["webhooks"] == [CHANNEL]
    assert settings.content["emails"] == []
    assert provision(hub.log_in(), WANTED) == []
    assert hub.log_in().settings() == settings


def test_what_was_changed_is_mended_and_what_is_the_operators_own_stays(hub: RunningHub) -> None:
    beszel = hub.log_in()
    provision(beszel, WANTED)
    system, settings = require_system(beszel), beszel.settings()
    assert settings is not None
    beszel.set_threshold(system, "CPU", Threshold(99, 60))
    beszel.set_threshold(system, "Temperature", Threshold(70, 5))
    own = {**settings.content, "chartTime": "24h", "webhooks": ["ntfy://example.org/else"]}
    beszel.write_settings(Settings(settings.id, own))
    assert provision(beszel, WANTED) == [
        "Beszel's alert for CPU was another one.",
        "Beszel told others than .env says.",
    ]
    assert beszel.thresholds() == {**WANTED.thresholds, "Temperature": Threshold(70, 5)}
    mended = beszel.settings()
    assert mended == replace(settings, content={**settings.content, "chartTime": "24h"})


def test_another_password_than_the_hubs_is_said_without_a_word_of_it(hub: RunningHub) -> None:
    with pytest.raises(ServiceFailed, match="takes no login with BESZEL_USER_EMAIL") as caught:
        hub.log_in("another-password")
    assert "put them back into .env" in caught.value.hint
    assert "another-password" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    "path", ["/api/beszel/create-user", "/api/collections/users/records"], ids=["first", "another"]
)
def test_no_stranger_makes_an_account(hub: RunningHub, path: str) -> None:
    stranger = {"email": "stranger@example.org", "password": "a-long-password-1"}
    body = json.dumps({**stranger, "passwordConfirm": stranger["password"]}).encode()
    status, _ = hub.ask("POST", path, {"Content-Type": "application/json"}, body)
    assert status in {403, 404}
    login = {"identity": stranger["email"], "password": stranger["password"]}
    tried = "/api/collections/users/auth-with-password"
    status, _ = hub.ask(
        "POST", tried, {"Content-Type": "application/json"}, json.dumps(login).encode()
    )
    assert status == 400


def test_a_hub_without_its_list_of_systems_is_said_to_watch_nothing(hub: RunningHub) -> None:
    beszel = hub.log_in()
    system = require_system(beszel)
    path = f"/api/collections/systems/records/{system.id}"
    assert hub.ask("DELETE", path, {"Authorization": beszel.token}, b"")[0] == 204
    with pytest.raises(ServiceFailed, match="Beszel watches nothing"):
        provision(beszel, WANTED)


def test_beszel_itself_reaches_the_channel_that_gatus_has(hub: RunningHub) -> None:
    with listening_webhook() as webhook:
        [channel] = channels_of(f"{webhook.url}?title=ours&key=a%20b")
        answer = called(hub, "/api/beszel/test-notification", {"url": channel})
        assert answer == {"err": False}
        [told] = webhook.take()
        assert told.startswith("Test Alert")
        assert webhook.asked == ["/hook?key=a+b&title=ours"]


@pytest.mark.slow
def test_an_alert_is_heard_with_the_runbook_in_it(hub: RunningHub) -> None:
    """The hub asks for the first time thirteen seconds after its start, and then each minute."""
    with listening_webhook() as webhook, hub.running_agent():
        always = {"Memory": Threshold(0.1, 1)}
        provision(hub.log_in(), Wanted(always, channels_of(webhook.url)))
        eventually(lambda: webhook.told, within=60)
        [told] = webhook.take()
        first, _, rest = told.partition("\n")
        assert first == "menuvo (docs/runbooks/server-overloaded.md) memory above threshold"
        assert "Memory averaged" in rest
        assert "https://monitor.menuvo.localhost/system/" in rest
        assert require_system(hub.log_in()).status == "up"


def channels_of(webhook: str) -> tuple[str, ...]:
    return wanted({"ALERT_WEBHOOK_URL": Redacted(webhook)}).channels


def called(hub: RunningHub, path: str, content: dict[str, Any]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Authorization": hub.log_in().token}
    status, answer = hub.ask("POST", path, headers, json.dumps(content).encode())
    assert status == 200
    return json.loads(answer)
