"""What the server gets from here, once the user who deploys can come in."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from menuvo_ops.commands import ssh
from menuvo_ops.environment import Deployment, examine
from menuvo_ops.environment.reading import invalid
from menuvo_ops.errors import CommandFailed, Usage
from menuvo_ops.machines.findings import Finding
from menuvo_ops.shipping.ssh import Connection

REGISTRY = "ghcr.io"
# Relative to the home of the login.
_FILE = "menuvo/.env"


def require_environment(folder: Path) -> Path:
    """Its file; raises Usage or EnvironmentInvalid when a deploy would refuse it."""
    file = folder / ".env"
    if not file.is_file():
        raise Usage(
            f"--environment: there is no {file}.",
            hint=f"Make it: menuvo env init --directory {folder}",
        )
    if errors := examine(Deployment(folder)).errors:
        raise invalid(file, map(str, errors))
    return file


def bring_environment(connection: Connection, file: Path) -> Iterator[Finding]:
    """One that is there already is never replaced."""
    what = "Looking for an environment on the server"
    there = connection.execute(ssh.hash_of(_FILE), what=what).split()
    if not there:
        connection.copy(file, _FILE)
        yield Finding("environment", "changed", f"{file} was brought to ~/{_FILE}.")
    elif there[0] != hashlib.sha256(file.read_bytes()).hexdigest():
        yield Finding(
            "environment",
            "warn",
            f"There is another environment than {file}, and it stays.",
            f"To change values: menuvo deploy --env-from FILE --host {connection.way.address}",
        )


def log_in(connection: Connection, user: str, token: str) -> Iterator[Finding]:
    argv = ssh.log_in(REGISTRY, user)
    try:
        connection.execute(argv, token, what=f"Logging in at {REGISTRY}")
    except CommandFailed as failure:
        yield Finding("registry", "fail", failure.hint, "Is the token one that may read packages?")
    else:
        yield Finding("registry", "changed", f"{user} is logged in at {REGISTRY}.")
