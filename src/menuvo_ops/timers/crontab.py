"""The crontab of whoever asks. Lines that are not ours stay as they are, byte by byte."""

import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.errors import CommandFailed, MissingProgram, NotReady
from menuvo_ops.timers.jobs import JOBS

_NONE_YET = b"no crontab for"


@dataclass(frozen=True)
class Crontab:
    """`directory` is the deployment whose lines are ours; another one here has its own."""

    directory: Path

    @property
    def is_installed(self) -> bool:
        return self.lines() == self._ours()

    def lines(self) -> bytes:
        """Ours, with their marks; empty without any."""
        _, ours, _ = self._split(_read())
        return ours

    def install(self) -> bool:
        """Return whether anything had to be changed."""
        return self._become(self._ours())

    def remove(self) -> bool:
        """Return whether there was anything."""
        return self._become(b"")

    def _become(self, wanted: bytes) -> bool:
        before, ours, after = self._split(_read())
        if ours == wanted:
            return False
        if wanted and before and not before.endswith(b"\n"):
            before += b"\n"
        _write(before + wanted + after)
        return True

    def _ours(self) -> bytes:
        folder = shlex.quote(str(self.directory))
        # A percent sign would be a line's end to cron.
        command = f"cd {folder} && ./menuvo timers run".replace("%", r"\%")
        lines = [f"{job.schedule} {command} {job.name}" for job in JOBS]
        return "\n".join([self._begin, *lines, self._end, ""]).encode()

    @property
    def _begin(self) -> str:
        return f"# BEGIN menuvo timers of {self.directory}: written by menuvo timers install"

    @property
    def _end(self) -> str:
        return f"# END menuvo timers of {self.directory}"

    def _split(self, table: bytes) -> tuple[bytes, bytes, bytes]:
        """What is before our lines, ours, and what is after. Raises NotReady."""
        lines = table.splitlines(keepends=True)
        begins, ends = (
            [number for number, line in enumerate(lines) if line.rstrip(b"\n") == mark.encode()]
            for mark in (self._begin, self._end)
        )
        if not begins and not ends:
            return table, b"", b""
        if len(begins) != 1 or len(ends) != 1 or begins > ends:
            raise NotReady(
                "The marks around our lines in the crontab are not as they were written.",
                hint="Remove the lines of menuvo by hand (crontab -e), and install them again.",
            )
        first, last = begins[0], ends[0] + 1
        return b"".join(lines[:first]), b"".join(lines[first:last]), b"".join(lines[last:])


def _read() -> bytes:
    done = _run(["crontab", "-l"])
    if done.returncode != 0 and _NONE_YET not in done.stderr:
        raise CommandFailed("The crontab cannot be read.", hint=done.stderr.decode().strip())
    return done.stdout


def _write(table: bytes) -> None:
    """As a whole or not at all: cron itself moves it into its place."""
    done = _run(["crontab", "-"], table)
    if done.returncode != 0:
        raise CommandFailed("The crontab was not changed.", hint=done.stderr.decode().strip())


def _run(argv: Sequence[str], table: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(argv, input=table, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise MissingProgram(
            "There is no cron on this server.", hint="Debian: sudo apt-get install cron"
        ) from error
