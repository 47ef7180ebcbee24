"""The archive of a production's changes: how far it reaches, and ways to lose the database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from menuvo_ops.commands import docker
from tests.system.rollout.scenes import Scene, explained
from tests.system.rollout.test_kills import running_containers

# A base backup of a small database, and the log until its end, or a line that has to grow older.
_ARCHIVED_SECONDS = 400


def window(scene: Scene) -> dict[str, Any]:
    done = scene.production.menuvo("backup", "window")
    assert done.exit_code == 0, explained(done)
    [found] = done.events
    return found


def now(scene: Scene) -> str:
    """By the database's own clock, as an operator may type it."""
    return scene.production.sql(
        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS+00:00')"
    )


def until_archived(scene: Scene, moment: str) -> None:
    """It leads there, and not only up to there."""
    wanted = datetime.fromisoformat(moment)
    _until(scene, lambda begin, end: begin <= wanted < end, moment)


def until_it_goes_back(scene: Scene, by: timedelta) -> None:
    """So far that who asks a little later is not before its beginning."""
    _until(scene, lambda begin, end: begin + by < datetime.now(UTC) < end + by, str(by))


def until_it_has_a_base(scene: Scene) -> None:
    """Of what is archived now: after each exchange of databases it begins a new line, and until
    that has a base backup the end of the window is that of the line before."""
    asked = now(scene)
    _until(scene, lambda _, end: end > datetime.fromisoformat(asked), asked)


def _until(scene: Scene, spans: Callable[[datetime, datetime], bool], moment: str) -> None:
    def does() -> bool:
        found = window(scene)
        return bool(found["begin"]) and spans(_read(found["begin"]), _read(found["end"]))

    try:
        scene.production.until(does, _ARCHIVED_SECONDS)
    except AssertionError as late:
        said = scene.production.project.logs("postgres-backup")
        raise AssertionError(f"It does not lead to {moment}: {window(scene)}\n{said}") from late


def next_second(scene: Scene) -> str:
    """A moment after everything that was committed before, and before all that is yet to come."""
    before = now(scene)
    scene.production.until(lambda: now(scene) > before, 5)
    moment = now(scene)
    scene.production.until(lambda: now(scene) > moment, 5)
    return moment


def lose(scene: Scene, service: str, volume: str) -> None:
    """Its container is killed and its volume is deleted, with all that was in it."""
    [container] = running_containers(scene, service)
    engine = scene.bed.engine
    engine.docker(docker.remove_container(container), what=f"Killing {service}")
    name = f"{scene.production.project.project.name}_{volume}"
    engine.docker(["docker", "volume", "rm", name], what=f"Deleting {volume}")


def _read(written: str) -> datetime:
    return datetime.fromisoformat(written)
