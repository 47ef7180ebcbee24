"""pytest as argument lists, one or two for each tier."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Part:
    markers: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tier:
    """`left_out` says what it does not run, and how to."""

    parts: tuple[Part, ...]
    left_out: str


_PROCESSORS = os.cpu_count() or 1


def _side_by_side(workers: int) -> tuple[str, ...]:
    """Each worker has servers of its own."""
    return ("-n", str(workers), "--dist", "loadfile")


# One more than there are processors works while another waits for its servers.
_QUICK = Part("not (slow or browser or system)", _side_by_side(_PROCESSORS + 1))
# Where the minutes go is told each time, since they only ever grow.
_COSTS = "--durations=25"
# These wait for programs of their own, each for a while.
_SLOW = Part("slow and not (core or browser or system)", (*_side_by_side(_PROCESSORS), _COSTS))
# These time things and want the machine alone.
_OTHERS = Part("core or (browser and not system)", (_COSTS,))
_SYSTEM = ("tests/system", _COSTS)

DEFAULT = Tier(
    (_QUICK, _SLOW, _OTHERS),
    "Left out: system tests not marked core; run them with ./menuvo test system --all.",
)
# Starting workers takes longer than a few tests do.
NAMED = Tier((Part("core or not system"),), DEFAULT.left_out)
FAST = Tier((_QUICK,), "Left out by --fast: the types, and tests marked slow, browser or system.")
SYSTEM = Tier(
    (Part("core", _SYSTEM),),
    "Left out: the gates, tests outside tests/system, and system tests not marked core (--all).",
)
ALL_OF_SYSTEM = Tier(
    (Part("system", _SYSTEM),), "Left out: the gates, and tests outside tests/system."
)

TESTS_FAILED = 1
NO_TEST_RAN = 5


def tests(python: Path, part: Part, arguments: list[str]) -> list[str]:
    """A later `-m` among `arguments` takes the place of the part's."""
    return [str(python), "-m", "pytest", "-m", part.markers, *part.options, *arguments]


def bench(python: Path, name: str, *, megabytes: int | None, as_json: bool) -> list[str]:
    size = [] if megabytes is None else [f"--megabytes={megabytes}"]
    return [str(python), "-m", "tests.bench", name, *size, *(["--json"] if as_json else [])]
