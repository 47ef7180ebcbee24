"""pytest as argument lists, one per tier."""

from pathlib import Path

DEFAULT_TIER = "core or not system"
FAST_TIER = "not (slow or browser or system)"
# Each worker has servers of its own. The default tier times things and wants the machine alone.
IN_PARALLEL = ("-n", "auto", "--dist", "loadfile")


def tests(python: Path, *, fast: bool, arguments: list[str]) -> list[str]:
    """A later `-m` among `arguments` takes the place of the tier's."""
    tier = [FAST_TIER, *IN_PARALLEL] if fast else [DEFAULT_TIER]
    return [str(python), "-m", "pytest", "-m", *tier, *arguments]


def bench(python: Path, name: str, *, as_json: bool) -> list[str]:
    return [str(python), "-m", "tests.bench", name, *(["--json"] if as_json else [])]
