"""How a rebuild can end, and what is said of it: how long it took, and how old the data is."""

from collections.abc import Mapping

from menuvo_ops.rebuilding.origin import Origin
from menuvo_ops.rollout.outcome import Outcome, Trouble
from menuvo_ops.rollout.telling import Ended

_NEXT = (
    "Then, from your own machine: ./menuvo recovery write --host deploy@THIS-SERVER. And here:"
    " ./menuvo timers install"
)


def report(origin: Origin, trouble: Trouble | None, *, seconds: Mapping[str, float]) -> Ended:
    """`seconds` by step, and what was spent before them on fetching the release."""
    ended = trouble.outcome if trouble else Outcome.DONE
    whole, release = sum(seconds.values()), origin.work.release
    return Ended(
        outcome=ended.name.lower(),
        exit_code=ended.value,
        sentence=_sentence(origin, ended, trouble, whole),
        hint=_hint(origin, ended, trouble, seconds),
        release=release.number if trouble is None else None,
        version=release.version if trouble is None else "",
        seconds=round(whole, 1),
    )


def _sentence(origin: Origin, ended: Outcome, trouble: Trouble | None, whole: float) -> str:
    if trouble is None:
        name = origin.work.release.name
        return f"Rebuilt in {whole:.0f} s: release {name} serves, with {origin.told}."
    if ended is Outcome.PERSON_NEEDED:
        return f"The way back failed too, a person is needed: {trouble.cause.message}"
    return f"Failed: {trouble.cause.message} Nothing runs; what was restored stays in its volume."


def _hint(
    origin: Origin, ended: Outcome, trouble: Trouble | None, seconds: Mapping[str, float]
) -> str:
    if trouble is None:
        took = ", ".join(f"{name} {spent:.1f}" for name, spent in seconds.items())
        return f"Seconds: {took}.\n{origin.loss} {_NEXT}"
    again = "Mend that, and type the same again."
    if ended is Outcome.PERSON_NEEDED:
        again = "Look: menuvo deploy status, docker ps --all. Then: menuvo rollback"
    return "\n".join(filter(None, [*trouble.hints, again]))
