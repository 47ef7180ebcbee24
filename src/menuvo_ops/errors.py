"""What can go wrong in the operations tool, for a person to read.

OpsError
|-- AlreadyRunning       another process holds the lock
|-- BundleUnreadable     a release file is damaged, or is none
|-- CheckFailed          a gate is closed or a test failed
|-- ClusterUnusable      the database folder cannot be opened by the PostgreSQL at hand
|-- CommandFailed        a program ended with an error
|-- ConnectionLost       ssh ended while something ran on the other machine
|-- Damaged              a file of ours cannot be read any more
|-- EnvironmentInvalid   the environment of a production has mistakes
|-- ImageUnavailable     a registry does not give what a release is made of
|-- Interrupted          a person or the end of a connection stopped what was under way
|-- LockHeld             another deploy is at work on this server
|-- MissingProgram       something this machine needs is not there and could not be installed
|-- NotReady             something must be put right before a deploy may begin
|-- PortTaken            the one port that was asked for belongs to somebody else
|-- Refused              the operating system said no: rights, space, a broken disk
|-- ServerUnfit          the server lacks what a release needs
|-- ServiceFailed        a supervised service did not become healthy
|-- Unforeseen           the tool itself made a mistake in a step of a rollout
|-- Unreachable          ssh finds no way into the server
`-- Usage                the command was given something it cannot work with
"""


class OpsError(Exception):
    """A sentence about what happened, and a hint about what to do next."""

    exit_code: int = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class AlreadyRunning(OpsError):
    exit_code = 4


class BundleUnreadable(OpsError):
    pass


class CheckFailed(OpsError):
    pass


class CommandFailed(OpsError):
    pass


class ClusterUnusable(OpsError):
    pass


class Damaged(OpsError):
    pass


class ConnectionLost(OpsError):
    pass


class EnvironmentInvalid(OpsError):
    pass


class Interrupted(OpsError):
    pass


class LockHeld(OpsError):
    exit_code = 4


class ImageUnavailable(OpsError):
    pass


class MissingProgram(OpsError):
    pass


class NotReady(OpsError):
    pass


class PortTaken(OpsError):
    pass


class Refused(OpsError):
    @classmethod
    def by_system(cls, error: OSError) -> "Refused":
        hint = ""
        if isinstance(error, PermissionError):
            hint = "Was this clone used by another user before? Then go on as that user."
        return cls(f"The system refused: {error}.", hint=hint)


class ServerUnfit(OpsError):
    pass


class ServiceFailed(OpsError):
    pass


class Unforeseen(OpsError):
    pass


class Unreachable(OpsError):
    pass


class Usage(OpsError):
    exit_code = 2
