"""Runs Docker's client: within a time, out of reach of the terminal's Ctrl-C, and patient with an
engine that is being restarted."""

import os
import queue
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from menuvo_ops.commands import docker
from menuvo_ops.errors import CommandFailed, MissingProgram
from menuvo_ops.rollout.interruption import Interruption

_LAST_LINES = 12
_ENGINE_SECONDS = 120
_PAUSE = 0.5
# A program that prints faster than it is heard waits: what it says is not ours to keep.
_WAITING_LINES = 1000
_NO_ENGINE = re.compile(
    r"Cannot connect to the Docker daemon|error during connect|connection reset by peer"
    r"|unexpected EOF|connection refused.*docker\.sock",
    re.IGNORECASE,
)


@dataclass
class Shell:
    """`kept` are open files that what we start keeps too: the lock is free when all have ended,
    also those that outlive a killed tool."""

    environment: Mapping[str, str]
    kept: tuple[int, ...] = ()

    def run(
        self,
        argv: Sequence[str],
        *,
        what: str,
        seconds: float = 120,
        interruption: Interruption | None = None,
        typed: str = "",
    ) -> str:
        """Return what the program printed. It reads `typed`, which stands in no list of processes.

        `interruption` may stop it, politely; nothing else does before its time is over. An engine
        that is away is waited for, and asked again: every command here may be repeated.
        Raises CommandFailed with the last lines as hint.
        """
        while True:
            code, out, err = self._ended(argv, what, seconds, interruption, typed)
            if interruption is not None:
                interruption.check()
            if code == 0:
                return out
            complaint = err.strip() or out.strip()
            if not (_NO_ENGINE.search(complaint) and self._engine_returns()):
                lines = complaint.splitlines()[-_LAST_LINES:]
                raise CommandFailed(f"{what} failed (exit code {code}).", hint="\n".join(lines))

    def start(self, argv: Sequence[str], *, reads: bool = False) -> "subprocess.Popen[str]":
        """In a session of its own: a terminal's Ctrl-C is for us, not for what we are doing."""
        try:
            return subprocess.Popen(
                argv,
                stdin=subprocess.PIPE if reads else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                # What a container says need not be text.
                errors="replace",
                env=dict(self.environment),
                start_new_session=True,
                pass_fds=self.kept,
            )
        except FileNotFoundError as error:
            raise MissingProgram(f"The program {argv[0]} is not on this machine.") from error

    def follow(
        self,
        argv: Sequence[str],
        *,
        what: str,
        hear: Callable[[str], None],
        seconds: float,
        interruption: Interruption | None = None,
    ) -> tuple[int, str]:
        """Hear each line that the program prints when it comes; return its exit code and the last
        lines of its complaint.

        It runs once: what it does is too long to be begun again behind anybody's back.
        `interruption` as for `run`, but it is not checked: the exit code tells what came of it.
        Raises CommandFailed when its time is over.
        """
        process = self.start(argv)
        lines: queue.Queue[str | None] = queue.Queue(_WAITING_LINES)
        complaint: list[str | None] = []
        readers = [
            threading.Thread(target=_pass_on, args=(process.stdout, lines.put), daemon=True),
            threading.Thread(target=_pass_on, args=(process.stderr, complaint.append), daemon=True),
        ]
        for reader in readers:
            reader.start()
        deadline = time.monotonic() + seconds
        was_asked = False
        while True:
            try:
                line = lines.get(timeout=_PAUSE)
            except queue.Empty:
                line = ""
            if line is None:
                break
            if line:
                hear(line)
            if time.monotonic() > deadline:
                _signal(process, signal.SIGKILL)
                process.wait()
                raise CommandFailed(f"{what} did not end within {seconds:.0f} s.")
            if not was_asked and interruption is not None and interruption.came:
                _signal(process, signal.SIGTERM)
                was_asked = True
        code = process.wait()
        readers[1].join()
        return code, "\n".join([one for one in complaint if one][-_LAST_LINES:])

    def output(self, argv: Sequence[str], *, seconds: float = 60) -> str:
        """Everything it says, on both channels, whatever becomes of it; nothing when its time is
        over before it has ended."""
        try:
            _, out, err = self._ended(argv, "Reading", seconds)
        except CommandFailed:
            return ""
        return "\n".join(filter(None, (out.strip(), err.strip())))

    def _ended(
        self,
        argv: Sequence[str],
        what: str,
        seconds: float,
        interruption: Interruption | None = None,
        typed: str = "",
    ) -> tuple[int, str, str]:
        process = self.start(argv, reads=bool(typed))
        deadline = time.monotonic() + seconds
        was_asked = False
        unsent = typed or None
        while True:
            try:
                out, err = process.communicate(unsent, timeout=_PAUSE)
            except subprocess.TimeoutExpired:
                # What has begun to be sent goes on by itself, and may not be given again.
                unsent = None
                if time.monotonic() > deadline:
                    _signal(process, signal.SIGKILL)
                    process.communicate()
                    raise CommandFailed(f"{what} did not end within {seconds:.0f} s.") from None
                # Once: a second signal means at once to Docker's client.
                if not was_asked and interruption is not None and interruption.came:
                    _signal(process, signal.SIGTERM)
                    was_asked = True
            else:
                return process.returncode, out, err

    def _engine_returns(self) -> bool:
        deadline = time.monotonic() + _ENGINE_SECONDS
        while time.monotonic() < deadline:
            time.sleep(_PAUSE)
            with suppress(CommandFailed):
                code, _, _ = self._ended(docker.server_version(), "Asking Docker", 30)
                if code == 0:
                    return True
        return False


def _pass_on(channel: "IO[str] | None", to: Callable[[str | None], object]) -> None:
    """Line by line; None is the end."""
    assert channel is not None  # noqa: S101, each of our programs has it
    with channel:
        for line in channel:
            to(line.rstrip("\n"))
    to(None)


def _signal(process: "subprocess.Popen[str]", number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
