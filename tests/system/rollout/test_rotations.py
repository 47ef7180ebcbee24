"""Secrets are changed while guests order and staff works, and the old ones are good for nothing."""

import json
from pathlib import Path

import pytest

from menuvo_ops.environment.dotenv import parse
from tests.system.rollout.backups import back_up
from tests.system.rollout.deployed import Done
from tests.system.rollout.load import running_load
from tests.system.rollout.meanwhile import running
from tests.system.rollout.scenes import Scene, ended_of, explained, steps_of
from tests.system.rollout.staff import at_work, staff_of
from tests.system.rollout.test_under_load import LIGHT, assert_nothing_was_lost

_LOG_IN = """
import asyncio, asyncpg, sys
async def log_in(user, password):
    try:
        session = await asyncpg.connect(
            host="postgres", user=user, password=password, database="menuvo"
        )
    except asyncpg.InvalidAuthorizationSpecificationError:
        return "out"
    await session.close()
    return "in"
print(asyncio.run(log_in(*sys.argv[1:])))
"""
PASSWORDS = ("APP_DB_PASSWORD", "DB_PASSWORD")


def environment(scene: Scene) -> dict[str, str]:
    document = parse((scene.production.folder / ".env").read_text())
    return {one.name: one.value.reveal() for one in document.assignments}


def rotate(scene: Scene, name: str, *options: str, soak: str = "5") -> Done:
    scene.webhook.take()
    return scene.production.menuvo("env", "rotate", name, "--yes", "--soak", soak, *options)


def lets_in(scene: Scene, user: str, password: str) -> bool:
    """By the network, as our containers come in."""
    argv = ("python3", "-c", _LOG_IN, user, password)
    return scene.production.project.execute("platform-a", *argv).strip() == "in"


def shown(scene: Scene, done: Done) -> str:
    """What anybody may come to see of it who may not read the secrets themselves."""
    number = ended_of(done)["release"]
    journal = scene.production.folder / f"releases/{number}/journal.jsonl"
    inspected = [
        scene.production.project.inspect(name) for name in scene.production.project.services()
    ]
    log = scene.production.compose("logs", "--no-color")
    return "\n".join([explained(done), journal.read_text(), json.dumps(inspected), log])


def user_of(values: dict[str, str], name: str) -> str:
    return values["APP_DB_USER"] if name == "APP_DB_PASSWORD" else "menuvo"


@pytest.mark.core
def test_passwords_of_the_database_change_under_load_and_are_seen_by_nobody(scene: Scene) -> None:
    old = environment(scene)
    rotations: list[Done] = []
    with running_load(scene.production, per_second=LIGHT) as load:
        for name in PASSWORDS:
            rotations.append(rotate(scene, name))
            scene.check(rotations[-1], "done", serves=scene.steady)
        result = load.result()
    assert result.failures == [], result
    assert_nothing_was_lost(result)
    new = environment(scene)
    for name in PASSWORDS:
        assert new[name] != old[name]
        assert lets_in(scene, user_of(new, name), new[name])
        assert not lets_in(scene, user_of(old, name), old[name])
    back_up(scene, "--no-verify")
    for done in rotations:
        said = shown(scene, done)
        assert "FATAL" in said, "the old ones were tried above"
        for name in PASSWORDS:
            assert old[name] not in said
            assert new[name] not in said


def test_a_release_of_before_comes_back_with_the_passwords_of_today(scene: Scene) -> None:
    before, better = scene.steady, scene.another("rotated")
    scene.check(scene.deploy(better), "done", serves=better)
    with running_load(scene.production, per_second=LIGHT) as load:
        for name in PASSWORDS:
            scene.check(rotate(scene, name), "done", serves=better)
        new = environment(scene)
        scene.check(scene.roll_back(), "done", serves=before)
        result = load.result()
    assert result.failures == [], result
    assert_nothing_was_lost(result)
    for name in PASSWORDS:
        assert environment(scene)[name] == new[name]
        assert lets_in(scene, user_of(new, name), new[name])
    back_up(scene, "--no-verify")


def test_the_secret_that_signs_changes_and_no_form_is_refused_until_it_is_forgotten(
    scene: Scene,
) -> None:
    serves, old = scene.steady, environment(scene)
    with (
        staff_of(scene.production) as staff,
        running_load(scene.production, per_second=LIGHT) as load,
    ):
        with at_work(staff):
            scene.check(rotate(scene, "AUTH_SECRET"), "done", serves=serves)
        assert staff.refused == []
        assert staff.sent > 50
        switched = environment(scene)
        assert switched["AUTH_SECRET"] != old["AUTH_SECRET"]
        assert switched["AUTH_SECRET_PREVIOUS"] == old["AUTH_SECRET"]
        new_token, _ = staff.look()
        assert new_token != staff.token

        again = rotate(scene, "AUTH_SECRET")
        assert (again.exit_code, ended_of(again)["outcome"]) == (1, "refused")
        assert "--finish" in explained(again)

        scene.check(rotate(scene, "AUTH_SECRET", "--finish"), "done", serves=serves)
        assert environment(scene)["AUTH_SECRET_PREVIOUS"] == ""
        assert not staff.send(staff.token), "the secret of before is still believed"
        assert staff.send(new_token)
        result = load.result()
    assert result.failures == [], result
    assert_nothing_was_lost(result)


@pytest.mark.parametrize(
    ("name", "service"), [("REDIS_PASSWORD", "redis"), ("PROBE_TOKEN", "caddy")]
)
def test_what_costs_seconds_of_silence_wants_a_maintenance(
    scene: Scene, name: str, service: str
) -> None:
    old = environment(scene)
    refused = rotate(scene, name, soak="0")
    scene.check(refused, "refused", serves=scene.steady)
    assert f"{service} is replaced" in ended_of(refused)["sentence"]
    done = rotate(scene, name, "--maintenance", soak="0")
    assert (done.exit_code, ended_of(done)["outcome"]) == (0, "done"), explained(done)
    assert environment(scene)[name] != old[name]
    scene.check_serving(scene.steady)
    scene.check_converged()


@pytest.mark.parametrize("moment", ["open-login", "platform-b", "close-login"])
def test_a_rotation_that_is_killed_is_finished_by_the_next(scene: Scene, moment: str) -> None:
    serves, old = scene.steady, environment(scene)
    given = ("env", "rotate", "APP_DB_PASSWORD", "--yes", "--soak", "0")
    with running(scene.production, *given) as run:
        run.until(moment, "begun")
        run.kill()
    done = rotate(scene, "APP_DB_PASSWORD", soak="0")
    scene.check(done, "done", serves=serves)
    assert steps_of(done)[moment] == "done"
    new = environment(scene)
    assert lets_in(scene, new["APP_DB_USER"], new["APP_DB_PASSWORD"])
    assert not lets_in(scene, old["APP_DB_USER"], old["APP_DB_PASSWORD"])


def test_a_rotation_that_is_killed_is_taken_back_by_a_rollback(scene: Scene) -> None:
    serves, old = scene.steady, environment(scene)
    given = ("env", "rotate", "APP_DB_PASSWORD", "--yes", "--soak", "0")
    with running(scene.production, *given) as run:
        run.until("worker-images", "begun")
        run.kill()
    scene.check(scene.roll_back(), "done", serves=serves)
    assert environment(scene) == old
    assert lets_in(scene, old["APP_DB_USER"], old["APP_DB_PASSWORD"])
    other = {"menuvo_app", "menuvo_app_b"} - {old["APP_DB_USER"]}
    can_log_in = "SELECT rolcanlogin FROM pg_roles WHERE rolname = '{}'"
    assert scene.production.sql(can_log_in.format(other.pop())) == "f"


def test_a_key_that_the_bucket_does_not_know_changes_nothing(scene: Scene, tmp_path: Path) -> None:
    before = environment(scene)
    for family in ("S3", "BACKUP_S3"):
        file = tmp_path / family
        lines = ("ACCESS_KEY_ID=another-key\n", "SECRET_ACCESS_KEY=another-secret\n")
        file.write_text("".join(f"{family}_{line}" for line in lines))
        done = rotate(scene, f"{family}_SECRET_ACCESS_KEY", "--env-from", str(file))
        scene.check(done, "refused", serves=scene.steady)
        assert "key" in ended_of(done)["sentence"]
        assert "another-secret" not in explained(done)
    assert environment(scene) == before


def test_what_was_not_deployed_yet_is_not_taken_along(scene: Scene) -> None:
    env_file = scene.production.folder / ".env"
    before = env_file.read_text()
    env_file.write_text(before + "DEADMAN_URL_OF_TOMORROW=x\n")
    try:
        shown = scene.production.menuvo("env", "diff")
        assert shown.exit_code == 1
        [told] = shown.events
        assert [one["name"] for one in told["differences"]] == ["DEADMAN_URL_OF_TOMORROW"]
        done = rotate(scene, "DB_PASSWORD")
        scene.check(done, "refused", serves=scene.steady)
        assert "DEADMAN_URL_OF_TOMORROW" in ended_of(done)["sentence"]
    finally:
        env_file.write_text(before)
    assert scene.production.menuvo("env", "diff").exit_code == 0
