"""Whether the server is empty enough to be rebuilt: whatever is there may be all that is left."""

from collections.abc import Iterator

from menuvo_ops.commands import docker
from menuvo_ops.recovery.content import Recovery
from menuvo_ops.rollout.archive import JOURNAL, Archive
from menuvo_ops.rollout.journal import Journal
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.stack import Stack

_VOLUME = "postgres-data"
_PROJECT_NAME = "COMPOSE_PROJECT_NAME"


def what_is_there(stack: Stack, archive: Archive, recovery: Recovery) -> list[Problem]:
    """What an earlier rebuild has left, after it was taken back, is only for the next try."""
    found = list(_deployed(stack, archive, recovery))
    if not _was_tried(archive):
        found += _found(stack, recovery)
    return found


def _deployed(stack: Stack, archive: Archive, recovery: Recovery) -> Iterator[Problem]:
    current = archive.current()
    if current is not None:
        yield Problem(
            f"Release {current.name} was deployed here",
            "To bring data back where it serves: menuvo restore.",
        )
    there = sorted(stack.containers(_project(recovery)))
    if there:
        yield Problem(
            f"Containers of it are here: {', '.join(there)}",
            "Is this the new server? docker ps --all shows them.",
        )


def _found(stack: Stack, recovery: Recovery) -> Iterator[Problem]:
    project = _project(recovery)
    argv = docker.volumes_of(project, _VOLUME)
    for volume in stack.shell.run(argv, what="Asking Docker").split():
        yield Problem(
            f"There is a database already, in the volume {volume}",
            f"Is nothing in it wanted any more: docker volume rm {volume}"
            f" && sudo rm -rf {stack.directory}/state",
        )
    if stack.deployment.env_file.exists():
        yield Problem(
            f"There is an environment already: {stack.deployment.env_file}",
            "The recovery file brings its own. Move this one away.",
        )


def _project(recovery: Recovery) -> str:
    name = recovery.source.unknown.get(_PROJECT_NAME)
    return name.reveal() if name else "menuvo"


def _was_tried(archive: Archive) -> bool:
    failed = (number for number in archive.numbers() if archive.has_failed(number))
    entries = (Journal(archive.folder(number) / JOURNAL).read() for number in failed)
    return any(entry is not None and entry.verb == "rebuild" for entry in entries)
