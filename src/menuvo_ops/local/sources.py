"""Where a server comes from: this machine, or the first place that has it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

from menuvo_ops.errors import MissingProgram, OpsError

Say: TypeAlias = Callable[[str], None]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Machine:
    """Where programs are looked for that somebody installed; without `path` on the PATH."""

    path: str | None = None
    system: Path = Path("/usr")


THIS_MACHINE = Machine()


@dataclass(frozen=True)
class Source:
    """`fetch` puts the server below a folder, or raises an OpsError."""

    name: str
    fetch: Callable[[Path, Say], object]


def obtain(
    find: Callable[[], Found | None],
    sources: Sequence[Source],
    *,
    into: Path,
    say: Say,
    missing: str,
    advice: str,
) -> Found:
    """What `find` finds, if need be after fetching it from one source after the other.

    Raises MissingProgram with the sentence `missing`, what was tried, and `advice`.
    """
    found = find()
    tried: list[str] = []
    for source in sources:
        if found is not None:
            break
        try:
            source.fetch(into, say)
        except OpsError as failure:
            say(f"{source.name}: {failure.message}")
            tried.append(f"Tried {source.name}: {_in_one_line(failure)}")
        else:
            found = find()
            if found is None:
                tried.append(f"Tried {source.name}: what it has does not run here.")
    if found is None:
        raise MissingProgram(missing, hint="\n".join([*tried, advice]))
    return found


def _in_one_line(failure: OpsError) -> str:
    """The last line that a program printed says most."""
    *_, last = ["", *failure.hint.strip().splitlines()]
    return f"{failure.message} {last}".strip()
