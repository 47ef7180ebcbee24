"""Faults of a deployment that are caused on purpose: each is found, and named by what it is."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest

from menuvo_ops.errors import CommandFailed
from tests.system.bed.engine import Engine
from tests.system.rollout.backups import back_up
from tests.system.rollout.scenes import Scene

pytestmark = pytest.mark.usefixtures("scene")

# Of whoever runs these tests: its clock, its programs, its way into the world. Nothing proves the
# backups of a production on a bed, and nobody is told that it is gone.
OF_THE_BED = {
    *("disk", "memory", "memory-pressure", "memory-overcommit", "clock"),
    *("engine", "engine-updates", "ports-listening", "alarms-dead-man"),
    *("backup-timers", "backup-drill"),
    # It follows what the others find, a minute later.
    "alarms-raised",
    # A server for its buckets stands beside the twelve.
    "engine-memory-budget",
}


def examined(scene: Scene) -> dict[str, dict[str, Any]]:
    done = scene.production.menuvo("doctor")
    found = {one["name"]: one for one in json.loads(done.printed)}
    is_ill = any(one["status"] == "fail" for one in found.values())
    assert done.exit_code == (3 if is_ill else 0)
    return found


def ill(scene: Scene) -> dict[str, str]:
    """What was found, by the name of every look that found something wrong."""
    return {
        name: f"{one['found']} → {one['fix']}"
        for name, one in examined(scene).items()
        if one["status"] == "fail" and name not in OF_THE_BED
    }


def test_a_production_that_is_well_is_told_so(scene: Scene) -> None:
    back_up(scene)
    found = examined(scene)
    troubled = {
        name: one["found"]
        for name, one in found.items()
        if one["status"] not in {"ok", "skipped"} and name not in OF_THE_BED
    }
    assert troubled == {}
    assert len(found) >= 40


def test_a_service_that_stands_still_is_found_with_its_last_words(scene: Scene) -> None:
    scene.production.compose("stop", "platform-b")
    try:
        found = ill(scene)
        assert set(found) == {"services"}
        assert "platform-b is exited" in found["services"]
        assert "docker compose restart platform-b" in found["services"]
    finally:
        scene.production.compose("start", "platform-b")


def test_without_its_database_one_look_says_so_and_the_others_follow_it(scene: Scene) -> None:
    scene.production.compose("stop", "postgres")
    try:
        found = ill(scene)
        assert {"services", "edge-orders", "database"} <= set(found)
        assert not {name for name in found if name.startswith("database-")}
    finally:
        scene.production.compose("start", "postgres")
        scene.production.until(lambda: "database" not in ill(scene), 90)


def test_what_is_changed_by_hand_is_found(scene: Scene) -> None:
    folder = scene.production.folder
    (folder / ".env").chmod(0o644)
    with (
        _stranger(scene.bed.engine),
        _redis(scene, "maxmemory-policy", "allkeys-lru", "noeviction"),
    ):
        found = ill(scene)
    (folder / ".env").chmod(0o600)
    assert set(found) == {"environment", "environment-readers", "ports-published", "redis-policy"}
    assert f"chmod 600 {folder}/.env" in found["environment-readers"]
    assert "of a-stranger" in found["ports-published"]


def test_a_container_that_was_killed_for_its_memory_says_which_limit(scene: Scene) -> None:
    with pytest.raises(CommandFailed):
        scene.production.project.execute("worker-imports", "python3", "-c", "bytearray(2**30)")
    scene.production.until(lambda: "services-memory-kills" in ill(scene), 10)
    assert "worker-imports (limit 768 MiB)" in ill(scene)["services-memory-kills"]


@contextmanager
def _redis(scene: Scene, name: str, value: str, usual: str) -> Generator[None]:
    def put(wanted: str) -> None:
        script = 'REDISCLI_AUTH="$(cat /run/secrets/redis_password)" redis-cli CONFIG SET "$0" "$1"'
        scene.production.project.execute("redis", "sh", "-c", script, name, wanted)

    put(value)
    try:
        yield
    finally:
        put(usual)


@contextmanager
def _stranger(engine: Engine) -> Generator[None]:
    """Somebody's own container, reached by everybody."""
    options = ["--detach", "--rm", "--name=a-stranger", "--publish=6379", "--pull=never"]
    engine.docker(["docker", "run", *options, "redis:8-alpine"], what="Starting a stranger")
    try:
        yield
    finally:
        engine.docker(["docker", "rm", "--force", "a-stranger"], what="Removing it")
