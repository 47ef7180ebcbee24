"""Three ways to show a rollout: as it moves on a terminal, as plain lines, as JSON."""

import itertools
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, TextIO

from menuvo_ops.rollout.telling import Ended, Event, Noted, Planned, Probed, Stepped, as_line

_SIGNS = {
    "begun": "…",
    "done": "✓",
    "failed": "✗",
    "skipped": "-",
    "undoing": "↶",
    "undone": "↶",
}
_COLOURS = {"✓": "32", "✗": "31", "↶": "33", "…": "36", "-": "2"}
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_FRAME_SECONDS = 0.1
_USUAL_WIDTH = 80


class Reporter(Protocol):
    def tell(self, event: Event) -> None: ...

    def close(self) -> None: ...


def reporter(*, as_json: bool, lost: Callable[[], None]) -> Reporter:
    """The one that fits where our output goes; `lost` is called when nobody reads it any more."""
    if as_json:
        return Lines(Voice(sys.stdout, lost), as_line)
    voice = Voice(sys.stderr, lost)
    coloured = sys.stderr.isatty() and "NO_COLOR" not in os.environ
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return Live(voice, coloured=coloured)
    return Lines(voice, lambda event: worded(event, coloured=coloured))


class Voice:
    """A channel that may be cut off: then it is silent, and says so once."""

    def __init__(self, channel: TextIO, lost: Callable[[], None]) -> None:
        self._channel: TextIO = channel
        self._lost: Callable[[], None] = lost
        self._cut: bool = False

    def say(self, text: str) -> None:
        if self._cut:
            return
        try:
            self._channel.write(text)
            self._channel.flush()
        except (OSError, ValueError):
            self._cut = True
            # Else the interpreter would complain at its end about what it could not write.
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._channel.fileno())
            self._lost()


class Lines:
    """One line an event; the probe's are left out where a person reads."""

    def __init__(self, voice: Voice, render: Callable[[Event], str]) -> None:
        self._voice: Voice = voice
        self._render: Callable[[Event], str] = render

    def tell(self, event: Event) -> None:
        line = self._render(event)
        if line:
            self._voice.say(f"{line}\n")

    def close(self) -> None:
        pass


class Live:
    """What is done stays above; below it one line lives: the step, its seconds, the probe."""

    def __init__(self, voice: Voice, *, coloured: bool) -> None:
        self._voice: Voice = voice
        self._coloured: bool = coloured
        self._step: Stepped | None = None
        self._since: float = 0.0
        self._probed: Probed = Probed(0, 0)
        self._frames: itertools.cycle[str] = itertools.cycle(_SPINNER)
        self._lock: threading.Lock = threading.Lock()
        self._closed: threading.Event = threading.Event()
        self._painter: threading.Thread = threading.Thread(target=self._paint, daemon=True)
        self._painter.start()

    def tell(self, event: Event) -> None:
        with self._lock:
            if isinstance(event, Probed):
                self._probed = event
            elif isinstance(event, Stepped) and event.mark in {"begun", "undoing"}:
                self._step, self._since = event, time.monotonic()
            else:
                self._step = None if isinstance(event, Stepped | Ended) else self._step
                self._voice.say(f"\r\x1b[K{worded(event, coloured=self._coloured)}\n")

    def close(self) -> None:
        self._closed.set()
        self._painter.join()

    def _paint(self) -> None:
        while not self._closed.wait(_FRAME_SECONDS):
            with self._lock:
                if self._step:
                    self._voice.say(f"\r\x1b[K{self._living_line(self._step)}")
        self._voice.say("\r\x1b[K")

    def _living_line(self, step: Stepped) -> str:
        asked = f"   {self._probed.asked} questions, {self._probed.failed} failed"
        probe = asked if self._probed.asked else ""
        seconds = time.monotonic() - self._since
        line = f"{next(self._frames)} {step.sentence} {seconds:.0f} s{probe}"
        return line[: max(20, _width() - 1)]


def worded(event: Event, *, coloured: bool = False) -> str:
    """For people; empty for what they need not read."""
    if isinstance(event, Planned):
        steps = [f"  {number}. {told}" for number, (_, told) in enumerate(event.steps, start=1)]
        blocked = ["In the way of it:", *event.problems] if event.problems else []
        return "\n".join([event.title, *steps, *blocked])
    if isinstance(event, Stepped):
        sign = _painted(_SIGNS[event.mark], coloured=coloured)
        took = f" ({event.seconds:.1f} s)" if event.mark in {"done", "failed", "undone"} else ""
        reason = f": {event.reason}" if event.reason else ""
        return f"{sign} {event.sentence}{took}{reason}"
    if isinstance(event, Noted):
        return f"{'! ' if event.is_warning else '  '}{event.sentence}"
    if isinstance(event, Ended):
        return "\n".join(filter(None, (event.sentence, event.hint)))
    return ""


def _painted(sign: str, *, coloured: bool) -> str:
    return f"\x1b[{_COLOURS[sign]}m{sign}\x1b[0m" if coloured else sign


def _width() -> int:
    try:
        # A terminal whose size nobody has told has none.
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH
    except OSError:
        return _USUAL_WIDTH
