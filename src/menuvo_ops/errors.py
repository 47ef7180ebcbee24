"""What can go wrong in the operations tool, for a person to read.

OpsError
|-- MissingProgram       something this machine needs is not there and could not be installed
|-- CommandFailed        a program ended with an error
|-- ClusterUnusable      the database folder cannot be started by the PostgreSQL at hand
`-- ServiceFailed        a supervised service did not become healthy
"""

from typing import ClassVar


class OpsError(Exception):
    """A sentence about what happened, and a hint about what to do next."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class MissingProgram(OpsError):
    pass


class CommandFailed(OpsError):
    pass


class ClusterUnusable(OpsError):
    pass


class ServiceFailed(OpsError):
    pass
