"""How a rollout looks: on a terminal, in a log, to a program; and to nobody."""

import io
import json
import os
import pty
import sys
import threading

import pytest
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.rollout.reporters import Lines, Live, reporter, worded
from menuvo_ops.rollout.telling import Ended, Event, Noted, Planned, Probed, Stepped

EVENTS: list[Event] = [
    Planned("Deploy of release 2:", (("canary", "Try it apart"), ("settle", "Remember it"))),
    Stepped("canary", "begun", "Try it apart"),
    Probed(10, 0),
    Stepped("canary", "done", "Try it apart", 4.2),
    Stepped("settle", "failed", "Remember it", 0.1, "The disk is full."),
    Noted("Something is odd.", is_warning=True),
    Ended("rolled_back", 3, "Rolled back.", "Look at it."),
]
PLAIN = """\
Deploy of release 2:
  1. Try it apart
  2. Remember it
… Try it apart
✓ Try it apart (4.2 s)
✗ Remember it (0.1 s): The disk is full.
! Something is odd.
Rolled back.
Look at it.
"""


def test_without_a_terminal_there_is_a_plain_line_for_each_thing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = reporter(as_json=False, lost=lambda: None)
    assert isinstance(told, Lines)
    for event in EVENTS:
        told.tell(event)
    told.close()
    said = capsys.readouterr()
    assert said.err == PLAIN
    assert said.out == ""


def test_a_program_gets_every_event_as_an_object_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = reporter(as_json=True, lost=lambda: None)
    for event in EVENTS:
        told.tell(event)
    told.close()
    said = capsys.readouterr()
    kinds = [json.loads(line)["event"] for line in said.out.splitlines()]
    assert kinds == [type(event).__name__.lower() for event in EVENTS]
    assert said.err == ""


def test_what_stands_in_the_way_is_part_of_the_plan() -> None:
    told = worded(Planned("Deploy:", (("settle", "Remember"),), ("- The disk is full",)))
    assert told == "Deploy:\n  1. Remember\nIn the way of it:\n- The disk is full"


class Terminal:
    """A pseudo terminal in the place of the channel that people read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.master, slave = pty.openpty()
        self._channel = os.fdopen(slave, "w")
        self._read = bytearray()
        monkeypatch.setattr(sys, "stderr", self._channel)
        monkeypatch.setenv("TERM", "xterm")
        self._reader = threading.Thread(target=self._watch, daemon=True)
        self._reader.start()

    @property
    def shown(self) -> str:
        return self._read.decode(errors="ignore")

    def _watch(self) -> None:
        try:
            while chunk := os.read(self.master, 4096):
                self._read += chunk
        except OSError:
            # The other side is closed.
            return

    def close(self) -> None:
        self._channel.close()
        self._reader.join()
        os.close(self.master)


def test_on_a_terminal_a_line_lives_while_a_step_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = Terminal(monkeypatch)
    told = reporter(as_json=False, lost=lambda: None)
    assert isinstance(told, Live)
    for event in EVENTS[:3]:
        told.tell(event)
    eventually(lambda: "Try it apart 0 s   10 questions, 0 failed" in terminal.shown)
    for event in EVENTS[3:]:
        told.tell(event)
    told.close()
    eventually(lambda: "Look at it." in terminal.shown)
    terminal.close()
    assert "\x1b[32m✓\x1b[0m Try it apart (4.2 s)" in terminal.shown
    assert terminal.shown.endswith("\r\x1b[K")


def test_who_wants_no_colour_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal(monkeypatch)
    told = reporter(as_json=False, lost=lambda: None)
    for event in EVENTS:
        told.tell(event)
    told.close()
    eventually(lambda: "Look at it." in terminal.shown)
    terminal.close()
    assert "✓ Try it apart (4.2 s)" in terminal.shown
    assert "\x1b[3" not in terminal.shown


def test_a_terminal_that_can_nothing_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch)
    monkeypatch.setenv("TERM", "dumb")
    told = reporter(as_json=False, lost=lambda: None)
    assert isinstance(told, Lines)
    told.close()
    terminal.close()


def test_when_nobody_reads_any_more_it_is_said_once_and_then_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading, writing = os.pipe()
    monkeypatch.setattr(sys, "stdout", os.fdopen(writing, "w"))
    lost: list[str] = []
    told = reporter(as_json=True, lost=lambda: lost.append("lost"))
    told.tell(EVENTS[0])
    os.close(reading)
    for event in EVENTS:
        told.tell(event)
    told.close()
    assert lost == ["lost"]
    sys.stdout.close()


def test_a_channel_that_was_closed_under_us_is_a_loss_and_no_crash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stdout", closed)
    lost: list[str] = []
    told = reporter(as_json=True, lost=lambda: lost.append("lost"))
    told.tell(EVENTS[0])
    told.tell(EVENTS[0])
    assert lost == ["lost"]
