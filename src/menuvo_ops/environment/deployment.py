"""The folder that holds a production: its compose file, and its environment beside it."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.errors import Usage

COMPOSE_FILE = "docker-compose.yml"


@dataclass(frozen=True)
class Deployment:
    directory: Path

    @property
    def env_file(self) -> Path:
        return self.directory / ".env"

    @property
    def secrets(self) -> Path:
        return self.directory / "secrets"

    @property
    def tls(self) -> Path:
        return self.secrets / "tls"

    @contextmanager
    def locked(self) -> Generator[None]:
        """Two that write at once would make two sets of passwords and mix them."""
        folder = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def locate(chosen: Path | None, *, current: Path, infra: Path) -> Deployment:
    """`chosen` when given, else the current folder when it has a compose file, else `infra`."""
    if chosen is not None:
        if not chosen.is_dir():
            raise Usage(f"{chosen} is no folder.", hint="Make it first, or name another one.")
        return Deployment(chosen.resolve())
    if (current / COMPOSE_FILE).is_file():
        return Deployment(current)
    if infra.is_dir():
        return Deployment(infra)
    raise Usage(
        f"There is no {COMPOSE_FILE} in this folder.",
        hint="Go to the folder of the deployment, or name it with --directory.",
    )
