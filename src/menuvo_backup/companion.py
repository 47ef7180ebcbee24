"""A program that `serve` keeps alive beside its schedule, and that cannot take it along."""

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread

from menuvo_backup import log

_POLL_SECONDS = 0.5
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
# One that ran for so long was well, so its end is nobody's loop.
_WELL_POLLS = 120
_GRACE_SECONDS = 15.0


@contextmanager
def keeping(name: str, argv: list[str]) -> Generator[None]:
    """Start it again whenever it ends, later each time; end it with the block."""
    stopping = Event()
    thread = Thread(target=_keep, args=(name, argv, stopping), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _keep(name: str, argv: list[str], stopping: Event) -> None:
    pause = _FIRST_PAUSE_SECONDS
    while not stopping.is_set():
        process = _start(name, argv)
        if process is None:
            _ = stopping.wait(_LONGEST_PAUSE_SECONDS)
            continue
        polls = 0
        while process.poll() is None and not stopping.wait(_POLL_SECONDS):
            polls += 1
        if process.poll() is None:
            _end(process)
            return
        if polls >= _WELL_POLLS:
            pause = _FIRST_PAUSE_SECONDS
        log.warning(
            "companion_ended", name=name, exit_code=process.returncode, again_after_seconds=pause
        )
        _ = stopping.wait(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


def _start(name: str, argv: list[str]) -> subprocess.Popen[bytes] | None:
    """None where the system has no memory or no process left for it just now."""
    try:
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL)
    except OSError as error:
        log.warning("companion_not_started", name=name, cause=str(error))
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        _ = process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        _ = process.wait()
