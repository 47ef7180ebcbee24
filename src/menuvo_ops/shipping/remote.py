"""A program that runs on another machine for as long as somebody here holds its lifeline."""

import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread
from typing import IO, cast

from menuvo_ops.errors import ConnectionLost

# From here on shells say that a program was killed, and 255 is ssh's own.
_NO_CODE_OF_A_PROGRAM = 128
_KEPT_LINES = 20


@dataclass
class Remote:
    """Its stdin is the lifeline: it stays open, and its end tells the program that nobody waits any
    more, whether we let go of it, were killed, or the network went away.

    From then on its stdout may be broken too, so what it does must not depend on being heard.
    """

    process: subprocess.Popen[str]
    address: str
    _written: SimpleQueue[str | None] = field(default_factory=SimpleQueue[str | None])
    _said: deque[str] = field(default_factory=lambda: deque[str](maxlen=_KEPT_LINES))

    def lines(self) -> Iterator[str]:
        """What it writes to stdout, as it comes.

        The first Ctrl-C lets go, and the lines go on: the program now undoes what it has begun. The
        second one is raised.
        """
        interrupted = False
        while True:
            try:
                line = self._written.get()
            except KeyboardInterrupt:
                if interrupted:
                    raise
                interrupted = True
                self.let_go()
                continue
            if line is None:
                return
            yield line

    def let_go(self) -> None:
        with suppress(BrokenPipeError):
            cast("IO[str]", self.process.stdin).close()

    def wait(self) -> int:
        """Its exit code; raises ConnectionLost when nobody can know it."""
        code = self.process.wait()
        if code in range(_NO_CODE_OF_A_PROGRAM):
            return code
        advice = "What runs there notices that, and undoes what it has begun. Ask the server how"
        raise ConnectionLost(
            f"The connection to {self.address} ended before the server said how it went.",
            hint="\n".join([*self._said, f"{advice} it is: menuvo deploy status"]),
        )

    def collect(self) -> None:
        """In a thread, so that an interruption comes between two lines and never within one."""
        for line in cast("IO[str]", self.process.stdout):
            self._written.put(line.rstrip("\n"))
        self._written.put(None)

    def forward(self) -> None:
        """What it writes to stderr goes to ours."""
        for line in cast("IO[str]", self.process.stderr):
            self._said.append(line.rstrip("\n"))
            sys.stderr.write(line)
            sys.stderr.flush()


@contextmanager
def started(argv: list[str], address: str) -> Generator[Remote]:
    """In a session of its own, so that Ctrl-C reaches us alone and cannot cut the connection."""
    process = subprocess.Popen(
        argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    remote = Remote(process, address)
    threads = [Thread(target=task, daemon=True) for task in (remote.collect, remote.forward)]
    for thread in threads:
        thread.start()
    with process:
        try:
            yield remote
        finally:
            remote.let_go()
            if process.poll() is None:
                process.terminate()
            for thread in threads:
                thread.join()
