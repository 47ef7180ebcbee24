"""A signal or a lost connection: noted at once, heeded between steps, ignored on the way back."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from menuvo_ops.errors import Interrupted
from menuvo_ops.rollout.interruption import Interruption

_WAIT = """
import sys
from menuvo_ops.errors import Interrupted
from menuvo_ops.rollout.interruption import Interruption
interruption = Interruption()
interruption.listen(lifeline=True)
print("listening", flush=True)
try:
    interruption.pause(60)
except Interrupted as interrupted:
    print(interrupted.message)
"""


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (signal.SIGINT, "Ctrl-C"),
        (signal.SIGTERM, "a request to stop"),
        (signal.SIGHUP, "the end of the session"),
        (None, "the end of the connection"),
    ],
)
def test_whatever_stops_us_is_named(number: signal.Signals | None, reason: str) -> None:
    pipe = subprocess.PIPE
    argv = [sys.executable, "-c", _WAIT]
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdin
        process.stdout.readline()
        if number is None:
            process.stdin.close()
        else:
            process.send_signal(number)
        assert process.stdout.readline() == f"Stopped by {reason}.\n"
        assert process.wait() == 0


def test_the_first_reason_counts() -> None:
    interruption = Interruption()
    interruption.report("one thing")
    interruption.report("another")
    with pytest.raises(Interrupted, match="Stopped by one thing"):
        interruption.check()


def test_a_pause_ends_when_something_comes() -> None:
    interruption = Interruption()
    threading.Timer(0.05, interruption.report, ["somebody"]).start()
    began = time.monotonic()
    with pytest.raises(Interrupted):
        interruption.pause(30)
    assert time.monotonic() - began < 10


def test_on_the_way_back_nothing_is_heeded_and_pauses_last() -> None:
    interruption = Interruption()
    interruption.report("somebody")
    interruption.ignore()
    interruption.check()
    assert not interruption.came
    began = time.monotonic()
    interruption.pause(0.05)
    assert time.monotonic() - began >= 0.05


def test_without_a_reason_nothing_stops() -> None:
    interruption = Interruption()
    interruption.check()
    interruption.pause(0)
    assert not interruption.came


def test_a_signal_does_not_tear_what_is_half_done() -> None:
    interruption = Interruption()
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    hup = signal.getsignal(signal.SIGHUP)
    try:
        interruption.listen()
        os.kill(os.getpid(), signal.SIGTERM)
        assert interruption.came
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
        signal.signal(signal.SIGHUP, hup)
