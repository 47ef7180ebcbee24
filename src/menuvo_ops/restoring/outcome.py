"""How a restore can end, what a program is told of it and what a person."""

from menuvo_ops.restoring.undertaking import Undertaking
from menuvo_ops.rollout.outcome import Outcome, Trouble
from menuvo_ops.rollout.telling import Ended


def report(undertaking: Undertaking, trouble: Trouble | None, *, seconds: float) -> Ended:
    ended = trouble.outcome if trouble else Outcome.DONE
    release = undertaking.work.release
    return Ended(
        outcome=ended.name.lower(),
        exit_code=ended.value,
        sentence=_sentence(undertaking, ended, trouble, seconds),
        hint=_hint(undertaking, ended, trouble),
        release=release.number,
        version=release.version,
        seconds=round(seconds, 1),
    )


def _sentence(
    undertaking: Undertaking, ended: Outcome, trouble: Trouble | None, seconds: float
) -> str:
    if trouble is None:
        name = undertaking.work.release.name
        return f"Release {name} serves after {seconds:.0f} s, with {undertaking.told}."
    cause = trouble.cause.message
    if ended is Outcome.PERSON_NEEDED:
        return f"The way back failed too, a person is needed: {cause}"
    if ended is Outcome.ROLLED_BACK:
        return undertaking.after_way_back(cause)
    return f"Failed: {cause} Nothing was stopped."


def _hint(undertaking: Undertaking, ended: Outcome, trouble: Trouble | None) -> str:
    if trouble is None:
        return undertaking.what_is_kept()
    lines = trouble.hints
    if ended is Outcome.PERSON_NEEDED:
        lines.append("Look: menuvo deploy status, docker ps --all. Then: menuvo restore --undo")
    return "\n".join(filter(None, lines))
