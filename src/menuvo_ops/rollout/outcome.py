"""How a rollout can end, what a program is told of it and what a person."""

from dataclasses import dataclass
from enum import Enum

from menuvo_ops.errors import OpsError
from menuvo_ops.rollout.probe import Tally
from menuvo_ops.rollout.scene import Scene
from menuvo_ops.rollout.telling import Ended


class Outcome(Enum):
    """The value is the exit code."""

    DONE = 0
    SERVING_AS_BEFORE = 1
    ROLLED_BACK = 3
    PROBE_SAW_FAILURES = 5
    PERSON_NEEDED = 6


@dataclass(frozen=True)
class Trouble:
    """Why it did not go through, and what failed on the way back."""

    cause: OpsError
    on_the_way_back: tuple[OpsError, ...] = ()
    # Whether guests or jobs had met the new release.
    had_switched: bool = False

    @property
    def outcome(self) -> Outcome:
        if self.on_the_way_back:
            return Outcome.PERSON_NEEDED
        return Outcome.ROLLED_BACK if self.had_switched else Outcome.SERVING_AS_BEFORE

    @property
    def hints(self) -> list[str]:
        """What a person is told to do, line by line."""
        lines = [self.cause.hint]
        for problem in self.on_the_way_back:
            lines += [f"On the way back: {problem.message}", problem.hint]
        return lines


def outcome(trouble: Trouble | None, tally: Tally, *, may_fail: bool) -> Outcome:
    """`may_fail`: in a maintenance answers are missing, and that was said."""
    if trouble is None:
        return Outcome.PROBE_SAW_FAILURES if tally.failed and not may_fail else Outcome.DONE
    return trouble.outcome


def report(scene: Scene, trouble: Trouble | None, *, seconds: float) -> Ended:
    tally = scene.probe.tally()
    ended = outcome(trouble, tally, may_fail=scene.options.maintenance)
    serving = scene.target if trouble is None else scene.previous
    return Ended(
        outcome=ended.name.lower(),
        exit_code=ended.value,
        sentence=_sentence(scene, ended, trouble, tally, seconds),
        hint=_hint(scene, ended, trouble, tally),
        release=serving.number if serving else None,
        version=serving.version if serving else "",
        seconds=round(seconds, 1),
        asked=tally.asked,
        failed=tally.failed,
        longest_ms=round(tally.longest_seconds * 1000),
        schema_ahead=scene.schema_ahead,
    )


def _sentence(
    scene: Scene, ended: Outcome, trouble: Trouble | None, tally: Tally, seconds: float
) -> str:
    if trouble is None:
        asked = f", {tally.failed} of {tally.asked} questions failed" if tally.asked else ""
        return f"Release {scene.target.name} serves after {seconds:.0f} s{asked}."
    before = f"release {scene.previous.name} serves" if scene.previous else "nothing runs"
    told = {
        Outcome.SERVING_AS_BEFORE: f"Failed: {trouble.cause.message} As before, {before}.",
        Outcome.ROLLED_BACK: f"Rolled back: {trouble.cause.message} Again, {before}.",
    }
    return told.get(ended, f"The way back failed too, a person is needed: {trouble.cause.message}")


def _hint(scene: Scene, ended: Outcome, trouble: Trouble | None, tally: Tally) -> str:
    lines = trouble.hints if trouble else []
    if ended is Outcome.PERSON_NEEDED:
        lines.append("Look: menuvo deploy status, docker ps --all. Then: menuvo rollback")
    if tally.failed:
        lines.append(f"Failed questions: {'; '.join(tally.examples)}")
    if scene.schema_ahead and trouble:
        lines.append(
            "The database has the new schema already. The release that serves can live with it."
        )
    return "\n".join(filter(None, lines))
