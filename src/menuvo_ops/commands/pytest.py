"""pytest as argument lists, one per tier."""

import os
from dataclasses import dataclass
from pathlib import Path

# Each worker has servers of its own, and one more than there are processors works while another
# waits for them. The other tiers time things and want the machine alone.
_IN_PARALLEL = ("-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile")


@dataclass(frozen=True)
class Tier:
    """`left_out` says what it does not run, and how to."""

    markers: str
    left_out: str
    options: tuple[str, ...] = ()


DEFAULT = Tier(
    "core or not system",
    "Left out: system tests not marked core; run them with ./menuvo test system --all.",
)
FAST = Tier(
    "not (slow or browser or system)",
    "Left out by --fast: the types, and tests marked slow, browser or system.",
    _IN_PARALLEL,
)
_SYSTEM = ("tests/system", "--durations=15")
SYSTEM = Tier(
    "core",
    "Left out: the gates, tests outside tests/system, and system tests not marked core (--all).",
    _SYSTEM,
)
ALL_OF_SYSTEM = Tier("system", "Left out: the gates, and tests outside tests/system.", _SYSTEM)

NO_TEST_RAN = 5


def tests(python: Path, tier: Tier, arguments: list[str]) -> list[str]:
    """A later `-m` among `arguments` takes the place of the tier's."""
    return [str(python), "-m", "pytest", "-m", tier.markers, *tier.options, *arguments]


def bench(python: Path, name: str, *, as_json: bool) -> list[str]:
    return [str(python), "-m", "tests.bench", name, *(["--json"] if as_json else [])]
