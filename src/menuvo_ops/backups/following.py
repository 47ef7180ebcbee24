"""The backup's program, run to its end and listened to."""

from collections.abc import Sequence

from menuvo_ops.backups.events import Facts, facts_of, noted
from menuvo_ops.errors import CommandFailed, Interrupted, LockHeld, Usage
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.shell import Shell
from menuvo_ops.rollout.telling import Noted, Tell

PROGRAM = "menuvo-backup"
# Of a database of some gigabytes on a slow disk, and far from forever.
_SECONDS = 6 * 3600
_BUSY, _USAGE, _STOPPED = 4, 2, {130, 143}


def follow(
    shell: Shell, argv: Sequence[str], *, what: str, tell: Tell, interruption: Interruption
) -> list[Facts]:
    """Tell what it says, and return it. Raises CommandFailed, LockHeld or Interrupted."""
    heard: list[Facts] = []

    def hear(line: str) -> None:
        facts = facts_of(line)
        if facts is not None:
            heard.append(facts)
        tell(noted(facts) if facts is not None else Noted(line))

    code, complaint = shell.follow(
        argv,
        what=what,
        hear=hear,
        seconds=_SECONDS,
        # On a way back nothing interrupts it: then this never says that something came.
        interruption=interruption,
    )
    _judge(code, what, heard, complaint)
    interruption.check()
    return heard


def _judge(code: int, what: str, heard: Sequence[Facts], complaint: str) -> None:
    if code == 0:
        return
    if code in _STOPPED:
        raise Interrupted(f"{what} was stopped before it was done.", hint=complaint)
    if code == _BUSY:
        raise LockHeld("The backup service itself is at work.", hint=complaint)
    failed = next((one for one in reversed(heard) if one.get("level") == "error"), None)
    cause = str(failed.get("cause") or "") if failed is not None else ""
    hint = str(failed.get("hint") or "") if failed is not None else complaint
    kind = Usage if code == _USAGE and not heard else CommandFailed
    raise kind(f"{what} failed (exit code {code}). {cause}".rstrip(), hint=hint)
