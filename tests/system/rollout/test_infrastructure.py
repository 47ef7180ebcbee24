"""What is not the platform rides along; only what differs is touched, and it all goes back."""

import json
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.system.production.stack import PERMANENT
from tests.system.rollout.infrastructures import HEADER, SAYS
from tests.system.rollout.meanwhile import command, environment
from tests.system.rollout.scenes import (
    PLATFORM,
    Scene,
    ended_of,
    explained,
    notes_of,
    steps_of,
)

OVERRIDE = "docker-compose.override.yml"


def ids(scene: Scene) -> dict[str, str]:
    return {name: scene.production.project.inspect(name)["Id"] for name in PERMANENT}


def replaced(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def said(scene: Scene, *arguments: str) -> str:
    """As a person types it."""
    done = subprocess.run(
        command(scene.production, *arguments),
        env=environment(scene.production),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def edge_says(scene: Scene) -> str | None:
    return scene.production.request("/live").headers.get(HEADER)


def set_for_worker(folder: Path, value: str) -> None:
    """A setting of the operator's own, for one worker alone."""
    file = folder / OVERRIDE
    described: dict[str, Any] = yaml.safe_load(file.read_text())
    worker = described["services"].setdefault("worker-images", {})
    worker["labels"] = {"tests.rollout": value}
    file.write_text(yaml.safe_dump(described))


def edit_environment(folder: Path, **values: str) -> None:
    file = folder / ".env"
    lines = [line for line in file.read_text().splitlines() if line.partition("=")[0] not in values]
    lines += [f"{name}='{value}'" for name, value in values.items()]
    file.write_text("\n".join(lines) + "\n")


def test_a_changed_caddyfile_is_taken_over_by_the_same_caddy_and_goes_back_with_it(
    scene: Scene,
) -> None:
    release = scene.build("changed_caddyfile")
    before = ids(scene)
    done = scene.deploy(release)
    scene.check(done, "done", serves=release)
    assert steps_of(done)["edge"] == "done"
    assert edge_says(scene) == SAYS
    assert replaced(before, ids(scene)) == PLATFORM
    back = scene.roll_back()
    scene.check(back, "done", serves=scene.steady)
    assert edge_says(scene) is None
    assert ids(scene)["caddy"] == before["caddy"]


def test_a_broken_caddyfile_is_refused_before_anything_changes(scene: Scene) -> None:
    before = ids(scene)
    done = scene.deploy(scene.build("broken_caddyfile"))
    ended = scene.check(done, "refused", serves=scene.steady)
    assert "Caddy refuses the new configuration" in ended["sentence"]
    assert "no_such_directive" in ended["sentence"]
    assert steps_of(done) == {}
    assert ids(scene) == before
    caddyfile = (scene.production.folder / "caddy/Caddyfile").read_text()
    assert "no_such_directive" not in caddyfile


def test_a_changed_gatus_comes_after_the_platform_and_nothing_else_is_touched(
    scene: Scene,
) -> None:
    release = scene.build("changed_gatus")
    before = ids(scene)
    done = scene.deploy(release)
    scene.check(done, "done", serves=release)
    assert replaced(before, ids(scene)) == {*PLATFORM, "gatus"}
    assert list(steps_of(done))[-3:] == ["gatus", "monitoring", "settle"]
    assert "concurrency: 2" in (scene.production.folder / "gatus/gatus.yaml").read_text()


def test_a_setting_of_one_worker_replaces_that_worker_alone(scene: Scene) -> None:
    before = ids(scene)
    set_for_worker(scene.production.folder, "one")
    done = scene.deploy(scene.steady)
    scene.check(done, "done", serves=scene.steady)
    assert list(steps_of(done)) == ["install", "worker-images", "settle"]
    assert replaced(before, ids(scene)) == {"worker-images"}
    back = scene.roll_back()
    scene.check(back, "done", serves=scene.steady)
    assert "tests.rollout" not in (scene.production.folder / OVERRIDE).read_text()
    assert replaced(before, ids(scene)) == {"worker-images"}


def test_what_would_stop_redis_waits_for_a_maintenance(scene: Scene) -> None:
    release = scene.build("changed_redis_limit")
    before = ids(scene)
    refused = scene.deploy(release)
    ended = scene.check(refused, "refused", serves=scene.steady)
    assert "redis is replaced: boards hear of orders up to 2 s late" in ended["sentence"]
    assert "--maintenance" in ended["sentence"]
    assert ids(scene) == before

    done = scene.deploy(release, "--maintenance")
    scene.check(done, "done", serves=release, failures_allowed=True)
    [plan] = [event for event in done.events if event["event"] == "planned"]
    assert "boards hear of orders up to 2 s late" in dict(plan["steps"])["redis"]
    assert replaced(before, ids(scene)) == {*PLATFORM, "redis"}

    back = scene.roll_back()
    scene.check(back, "refused", serves=release)
    back = scene.roll_back("--maintenance")
    scene.check(back, "done", serves=scene.steady, failures_allowed=True)


def test_a_rollback_brings_files_back_but_no_old_secret(scene: Scene) -> None:
    """A secret that was changed since would lock the platform out in its old value."""
    folder, name = scene.production.folder, "BACKUP_S3_ACCESS_KEY_ID"
    right = (folder / "secrets" / name.lower()).read_text()
    edit_environment(folder, **{name: "AKOLD"})
    assert scene.deploy(scene.steady).exit_code == 0
    release = scene.build("changed_gatus")
    assert scene.deploy(release).exit_code == 0
    edit_environment(
        folder,
        BACKUP_S3_ACCESS_KEY_ID="AKNEW",
        GATUS_TELEGRAM_TOKEN="123456789:AAabcdefghijklmnopqrstuvwxyz_-01234",
        GATUS_TELEGRAM_CHAT_ID="-1001234567890",
    )
    done = scene.roll_back()
    scene.check(done, "done", serves=scene.steady)
    assert f"These secrets stay as they are today: {name}." in notes_of(done)
    written = (folder / ".env").read_text()
    assert "AKNEW" in written
    assert "AKOLD" not in written
    assert "AAabcdef" not in written
    assert "concurrency: 3" in (folder / "gatus/gatus.yaml").read_text()
    edit_environment(folder, **{name: right})
    assert scene.deploy(scene.steady).exit_code == 0


def test_a_changed_secret_reaches_whoever_reads_it_and_nobody_else(scene: Scene) -> None:
    """Described as before, the container is another one all the same."""
    folder, before, name = scene.production.folder, ids(scene), "BACKUP_S3_ACCESS_KEY_ID"
    old = (folder / "secrets" / name.lower()).read_text()
    edit_environment(folder, **{name: "AKCHANGED"})
    done = scene.deploy(scene.steady)
    scene.check(done, "done", serves=scene.steady)
    assert replaced(before, ids(scene)) == {"postgres-backup"}
    assert backup_reads(scene, name) == "AKCHANGED"
    edit_environment(folder, **{name: old})
    assert scene.deploy(scene.steady).exit_code == 0
    assert backup_reads(scene, name) == old


def backup_reads(scene: Scene, name: str) -> str:
    return scene.production.project.execute(
        "postgres-backup", "cat", f"/run/secrets/{name.lower()}"
    )


def test_the_oldest_releases_and_their_images_make_room_and_no_volume_does(scene: Scene) -> None:
    volumes = _volumes(scene)
    made = [scene.another("kept") for _ in range(4)]
    for release in made:
        done = scene.production.deploy(release, "--soak", "0")
        assert done.exit_code == 0, explained(done)
    listed: list[dict[str, Any]] = json.loads(said(scene, "releases", "--json"))
    served = [one for one in listed if one["state"] != "failed"]
    assert [one["version"] for one in served] == [one.version for one in reversed(made[1:])]
    assert [one["state"] for one in served] == ["serving", "before", "before"]
    assert not _has_image(scene, made[0].image)
    assert all(_has_image(scene, one.image) for one in made[1:])
    assert _volumes(scene) == volumes
    table = said(scene, "releases").splitlines()
    assert table[0].split() == ["version", "schema", "made", "by"]
    assert table[1].split()[:3] == [f"{served[0]['release']}*", made[-1].version, "serving"]


def test_what_was_started_by_hand_is_adopted_and_then_deployed_over(scene: Scene) -> None:
    folder = scene.production.folder
    (folder / "releases").rename(folder / "releases-of-before")
    status = scene.status()
    assert status["state"] == "empty"
    by_hand = ("up", "--detach", "--no-deps", "--force-recreate", "--wait", "worker-images")
    scene.production.compose(*by_hand)
    before = ids(scene)

    refused = scene.deploy(scene.build("good", version="first"))
    assert refused.exit_code == 1
    assert "menuvo releases adopt" in ended_of(refused)["sentence"]

    adopted = scene.production.menuvo("releases", "adopt")
    assert adopted.exit_code == 0, explained(adopted)
    assert ids(scene) == before
    scene.check_serving(scene.steady)
    [listed] = json.loads(said(scene, "releases", "--json"))
    assert listed["made_by"].endswith(", adopted")

    release = scene.build("good", version="first")
    done = scene.deploy(release)
    scene.check(done, "done", serves=release)
    back = scene.roll_back()
    scene.check(back, "done", serves=scene.steady)


def test_a_plan_is_shown_and_nothing_is_done(scene: Scene) -> None:
    before = ids(scene)
    scene.webhook.take()
    done = scene.production.deploy(scene.build("good", version="dry"), "--dry-run")
    assert done.exit_code == 0, explained(done)
    [plan] = [event for event in done.events if event["event"] == "planned"]
    assert [name for name, _ in plan["steps"]][:3] == ["canary", "install", "platform-a"]
    assert ended_of(done)["outcome"] == "planned"
    assert steps_of(done) == {}
    assert ids(scene) == before
    assert not (scene.production.folder / "releases/.next").exists()
    assert scene.webhook.told == []


def test_a_plan_of_what_serves_already_has_no_step(scene: Scene) -> None:
    done = scene.production.deploy(scene.steady, "--dry-run")
    assert done.exit_code == 0, explained(done)
    [plan] = [event for event in done.events if event["event"] == "planned"]
    assert plan["steps"] == []
    assert "Nothing to do" in plan["title"]


def _volumes(scene: Scene) -> set[str]:
    name = scene.production.project.project.name
    argv = ["docker", "volume", "ls", "--quiet", "--filter", f"name={name}"]
    return set(scene.bed.engine.docker(argv, what="Listing volumes").split())


def _has_image(scene: Scene, image: str) -> bool:
    argv = ["docker", "image", "ls", "--quiet", image]
    return bool(scene.bed.engine.docker(argv, what="Listing images").strip())
