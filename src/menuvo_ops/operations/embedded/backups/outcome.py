"""How a restore can end here, what a program is told of it and what a person."""

from menuvo_ops.operations.embedded.backups.work import Work
from menuvo_ops.rollout.outcome import Outcome, Trouble
from menuvo_ops.rollout.telling import Ended


def report(work: Work, trouble: Trouble | None, *, seconds: float) -> Ended:
    ended = trouble.outcome if trouble else Outcome.DONE
    return Ended(
        outcome=ended.name.lower(),
        exit_code=ended.value,
        sentence=_sentence(work, ended, trouble, seconds),
        hint=_hint(work, ended, trouble),
        seconds=round(seconds, 1),
    )


def _sentence(work: Work, ended: Outcome, trouble: Trouble | None, seconds: float) -> str:
    told = work.told[:1].upper() + work.told[1:]
    if trouble is None:
        return f"{told} serves after {seconds:.0f} s."
    if ended is Outcome.PERSON_NEEDED:
        return f"The way back failed too: {trouble.cause.message}"
    if work.backup is None:
        return f"Everything runs, but it was not done as a whole: {trouble.cause.message}"
    return f"Taken back: {trouble.cause.message} Again, the database of before serves."


def _hint(work: Work, ended: Outcome, trouble: Trouble | None) -> str:
    if trouble is None:
        if work.backup is None:
            return "What had been restored is kept: ./menuvo restore --forget drops it."
        return (
            "Today's database is kept beside it:\n"
            "  ./menuvo restore --undo     brings it back\n"
            "  ./menuvo restore --forget   drops it"
        )
    lines = trouble.hints
    if ended is Outcome.PERSON_NEEDED:
        lines.append("Nothing is lost: both databases are there. ./menuvo up says which serves.")
    return "\n".join(filter(None, lines))
