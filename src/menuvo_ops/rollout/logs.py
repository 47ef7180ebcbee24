"""What a container said goes with the container; a release keeps it a little longer."""

from pathlib import Path

from menuvo_ops.commands import docker
from menuvo_ops.environment.writing import provide_folder, write
from menuvo_ops.errors import OpsError
from menuvo_ops.rollout.containers import Container
from menuvo_ops.rollout.stack import Stack

_LINES = 5000


def keep_log(stack: Stack, container: Container, release: Path) -> None:
    """Into `logs/` of the release; a log that cannot be read or kept stops nothing."""
    folder = release / "logs"
    try:
        said = stack.shell.output(docker.logs(container.id, lines=_LINES))
        provide_folder(folder, mode=0o700)
        write(folder / f"{container.service}.log", said.encode(), mode=0o600)
    except (OpsError, OSError):
        return
