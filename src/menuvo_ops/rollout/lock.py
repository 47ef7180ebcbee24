"""One deploy at a time. The kernel frees the lock when its owner is gone, however it went."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import TextIO, cast

from menuvo_ops import flock
from menuvo_ops.errors import LockHeld
from menuvo_ops.rollout.clock import now


@dataclass(frozen=True)
class Owner:
    who: str
    process: int
    since: str
    doing: str

    @property
    def lives(self) -> bool:
        """Whether the process itself still does; what it started may hold the lock without it."""
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def __str__(self) -> str:
        return f"{self.who} (process {self.process}) since {self.since}, {self.doing}"


class Lock:
    """A context once it was taken."""

    def __init__(
        self,
        file: Path,
        who: str,
        *,
        hint: str = "Wait for it; menuvo deploy status shows where it is.",
    ) -> None:
        self._hint: str = hint
        self._file: Path = file
        self._who: str = who
        self._since: str = now()
        self._handle: TextIO | None = None

    @property
    def descriptor(self) -> int:
        assert self._handle is not None  # noqa: S101, it is asked of a lock that was taken
        return self._handle.fileno()

    def take(self) -> "Lock":
        """Raises LockHeld with whoever has it, since when and at which step."""
        handle = self._file.open("a+")
        if not flock.take(handle):
            handle.close()
            raise LockHeld(
                f"Another one is at work here: {_read(self._file) or 'unknown'}.",
                hint=self._hint,
            )
        self._handle = handle
        self.note("beginning")
        return self

    def note(self, doing: str) -> None:
        """Tell whoever looks what is being done."""
        if self._handle is not None:
            owner = Owner(self._who, os.getpid(), self._since, doing)
            self._handle.seek(0)
            self._handle.truncate()
            self._handle.write(json.dumps(asdict(owner)))
            self._handle.flush()

    def __enter__(self) -> "Lock":  # noqa: PYI034, server Python
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handle is not None:
            self._handle.close()


def holder(file: Path) -> Owner | None:
    """Who has the lock now."""
    if not file.exists():
        return None
    with file.open() as handle:
        return None if flock.is_free(handle) else _read(file)


def _read(file: Path) -> Owner | None:
    try:
        facts = cast("dict[str, str]", json.loads(file.read_text()))
        return Owner(facts["who"], int(facts["process"]), facts["since"], facts["doing"])
    except (ValueError, KeyError):
        return None
