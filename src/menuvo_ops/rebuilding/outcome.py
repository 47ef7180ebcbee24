"""How a rebuild can end, and what is said of it: how long it took, and how old the data is."""

from collections.abc import Mapping
from datetime import datetime, timezone

from menuvo_ops.backups.showing import ago
from menuvo_ops.restoring.work import BackupWork
from menuvo_ops.rollout.outcome import Outcome, Trouble
from menuvo_ops.rollout.telling import Ended

_NEXT = (
    "Then, from your own machine: ./menuvo recovery write --host deploy@THIS-SERVER. And here:"
    " ./menuvo timers install"
)


def report(work: BackupWork, trouble: Trouble | None, *, seconds: Mapping[str, float]) -> Ended:
    """`seconds` by step, and what was spent before them on fetching the release."""
    ended = trouble.outcome if trouble else Outcome.DONE
    whole = sum(seconds.values())
    return Ended(
        outcome=ended.name.lower(),
        exit_code=ended.value,
        sentence=_sentence(work, ended, trouble, whole),
        hint=_hint(ended, trouble, seconds),
        release=work.release.number if trouble is None else None,
        version=work.release.version if trouble is None else "",
        seconds=round(whole, 1),
    )


def told_age(work: BackupWork) -> str:
    """`backup ... of 2026-11-28 03:00 UTC, 7 hours ago`."""
    assert work.backup is not None  # noqa: S101, a rebuild has one
    now = datetime.now(timezone.utc)  # noqa: UP017, server Python
    return f"{work.told}, {ago((now - work.backup.began).total_seconds())}"


def _sentence(work: BackupWork, ended: Outcome, trouble: Trouble | None, whole: float) -> str:
    if trouble is None:
        return (
            f"Rebuilt in {whole:.0f} s: release {work.release.name} serves, with {told_age(work)}."
        )
    if ended is Outcome.PERSON_NEEDED:
        return f"The way back failed too, a person is needed: {trouble.cause.message}"
    return f"Failed: {trouble.cause.message} Nothing runs; what was restored stays in its volume."


def _hint(ended: Outcome, trouble: Trouble | None, seconds: Mapping[str, float]) -> str:
    if trouble is None:
        took = ", ".join(f"{name} {spent:.1f}" for name, spent in seconds.items())
        return f"Seconds: {took}.\nWhat was ordered after that backup is not in it. {_NEXT}"
    again = "Mend that, and type the same again."
    if ended is Outcome.PERSON_NEEDED:
        again = "Look: menuvo deploy status, docker ps --all. Then: menuvo rollback"
    return "\n".join(filter(None, [*trouble.hints, again]))
