"""Everything that can be known before a database is recovered; all that is wrong is told together.
Whether the release can live with it is known once it is recovered, and still before anything is
stopped."""

import re
from collections.abc import Iterator, Sequence

from menuvo_ops.backups.keys import SERVER, Keeper, closed
from menuvo_ops.backups.moment import Moment
from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.service import RECOVERY
from menuvo_ops.backups.window import Window
from menuvo_ops.commands import docker
from menuvo_ops.restoring.moments.clusters import Found
from menuvo_ops.restoring.moments.work import ClusterWork, Recovery
from menuvo_ops.restoring.preflight import disk, ground, nothing_else_at_work
from menuvo_ops.rollout.preflight.machine import find_available_memory, least_memory
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.scene import Scene

# Major version and C library: two that differ in one of them sort text differently or read no page
# of each other's.
_MADE_OF = "postgres --version; ls /lib/ld-musl-* 2>/dev/null || echo glibc"
_MAJOR = re.compile(r"PostgreSQL\) (\d+)")


def problems_of_recovery(
    work: Recovery, window: Window, found: Found, backups: Sequence[Backup]
) -> list[Problem]:
    on_the_ground = list(ground(work, RECOVERY, needs=("redis",)))
    if on_the_ground:
        return on_the_ground
    return [
        *nothing_else_at_work(backups),
        *of_moment(work, window, found, SERVER),
        *_memory(),
    ]


def problems_of_return(work: ClusterWork, backups: Sequence[Backup]) -> list[Problem]:
    return [*ground(work, RECOVERY, needs=("redis",)), *nothing_else_at_work(backups)]


def of_moment(work: Recovery, window: Window, found: Found, keeper: Keeper) -> Iterator[Problem]:
    """Whether the archive leads there and opens, and this server can have it."""
    yield from _moment(work.moment, window, was_lost=work.move.was_lost)
    values = work.scene.values(work.release)
    yield from closed(f"Base backup {window.base}", window.recipients, values, keeper)
    yield from disk(work, max(found.live_bytes or 0, window.cluster_bytes))
    yield from _image(work.scene)


def _moment(moment: Moment, window: Window, *, was_lost: bool) -> Iterator[Problem]:
    span = window.told(moment.zone)
    if not window.spans:
        yield Problem("The archive cannot be gone back in", span)
    elif moment.at is not None and not window.has(moment.at):
        yield Problem(f"The archive does not lead to {moment.told}", span)
    elif moment.at is None and not was_lost:
        yield Problem(
            "PostgreSQL serves, and nothing in the archive is newer than what it has",
            f"Name a moment of before. {span} Is the database damaged although it answers, stop"
            " it first: docker compose stop postgres",
        )


def _memory() -> Iterator[Problem]:
    available, least = find_available_memory(), least_memory()
    if available is not None and available < least:
        yield Problem(
            f"Only {available // 1024**2} MiB of memory are available, and a recovery needs"
            f" {least // 1024**2}",
            "docker stats shows who has it.",
        )


def _image(scene: Scene) -> Iterator[Problem]:
    serves, recovers = (_made_of(scene, name) for name in ("postgres", RECOVERY))
    if serves != recovers:
        yield Problem(
            f"PostgreSQL is {serves}, and what recovers it is {recovers}",
            "Deploy a release whose BACKUP_IMAGE was built on POSTGRES_IMAGE.",
        )


def _made_of(scene: Scene, service: str) -> str:
    image = scene.stack.image_of(scene.stack.with_tasks(scene.project(scene.target)), service)
    argv = docker.run_once(image, ["sh", "-c", _MADE_OF])
    told = scene.stack.shell.run(argv, what=f"Asking {service} for its version")
    major = _MAJOR.search(told)
    return f"{major[1] if major else '?'} on {'glibc' if 'glibc' in told else 'musl'}"
