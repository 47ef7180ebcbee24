"""Ctrl-C, SIGTERM, a closed session or a cancelled job: noted when it comes, heeded between steps.

What is half done is never torn away from under a step. The step is finished or gives up waiting,
and then what was done is undone.
"""

import os
import signal
import sys
import threading
from types import FrameType

from menuvo_ops.errors import Interrupted

_SIGNALS = {
    signal.SIGINT: "Ctrl-C",
    signal.SIGTERM: "a request to stop",
    signal.SIGHUP: "the end of the session",
}


class Interruption:
    def __init__(self) -> None:
        self._came: threading.Event = threading.Event()
        self._reason: str = ""
        self._is_heeded: bool = True

    def listen(self, *, lifeline: bool = False) -> None:
        """`lifeline`: whoever started us holds our input open as long as they are there."""
        for number in _SIGNALS:
            signal.signal(number, self._by_signal)
        if lifeline:
            threading.Thread(target=self._watch_input, daemon=True).start()

    def report(self, reason: str) -> None:
        """The first reason counts."""
        if not self._came.is_set():
            self._reason = reason
            self._came.set()

    @property
    def came(self) -> bool:
        """Whether something wants us to stop, and we may."""
        return self._is_heeded and self._came.is_set()

    def check(self) -> None:
        """Raises Interrupted when something came, and undoing has not begun."""
        if self.came:
            raise Interrupted(f"Stopped by {self._reason}.")

    def pause(self, seconds: float) -> None:
        """Wait, but not after something came. Raises Interrupted then."""
        if self._is_heeded:
            self._came.wait(seconds)
            self.check()
        else:
            threading.Event().wait(seconds)

    def ignore(self) -> None:
        """From here on everything goes to its end: this is the way back."""
        self._is_heeded = False

    def heed(self) -> None:
        """The way back is done; what follows may be interrupted again."""
        self._is_heeded = True

    def _by_signal(self, number: int, _frame: FrameType | None) -> None:
        self.report(_SIGNALS[signal.Signals(number)])

    def _watch_input(self) -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        self.report("the end of the connection")
