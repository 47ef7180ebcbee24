"""How a restore can end, what a program is told of it and what a person."""

from menuvo_ops.restoring.work import Work
from menuvo_ops.rollout.outcome import Outcome, Trouble
from menuvo_ops.rollout.telling import Ended


def report(work: Work, trouble: Trouble | None, *, seconds: float) -> Ended:
    ended = trouble.outcome if trouble else Outcome.DONE
    return Ended(
        outcome=ended.name.lower(),
        exit_code=ended.value,
        sentence=_sentence(work, ended, trouble, seconds),
        hint=_hint(work, ended, trouble),
        release=work.release.number,
        version=work.release.version,
        seconds=round(seconds, 1),
    )


def _sentence(work: Work, ended: Outcome, trouble: Trouble | None, seconds: float) -> str:
    if trouble is None:
        return f"Release {work.release.name} serves after {seconds:.0f} s, with {work.told}."
    if ended is Outcome.PERSON_NEEDED:
        return f"The way back failed too, a person is needed: {trouble.cause.message}"
    if work.backup is None:
        return f"Everything runs, but it was not done as a whole: {trouble.cause.message}"
    if ended is Outcome.ROLLED_BACK:
        return f"Taken back: {trouble.cause.message} Again, the database of before serves."
    return f"Failed: {trouble.cause.message} Nothing was stopped."


def _hint(work: Work, ended: Outcome, trouble: Trouble | None) -> str:
    if trouble is None:
        kept = "what it took the place of" if work.backup else "what had been restored"
        undo = " --undo brings it back," if work.backup else ""
        return f"Kept beside it is {kept}: menuvo restore{undo} --forget drops it."
    lines = trouble.hints
    if ended is Outcome.PERSON_NEEDED:
        lines.append("Look: menuvo deploy status, docker ps --all. Then: menuvo restore --undo")
    return "\n".join(filter(None, lines))
