"""A run of the tool that is still going on: its events as they come, and ways to end it."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from tests.system.rollout.deployed import PROGRAM, Deployed, Done
from tests.system.rollout.variants import Release

_SECONDS = 400


@dataclass
class Run:
    process: subprocess.Popen[str]
    began: float = field(default_factory=time.monotonic)
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _coming: "queue.Queue[dict[str, Any] | None]" = field(
        default_factory=queue.Queue[dict[str, Any] | None]
    )
    _complaints: list[str] = field(default_factory=list[str])

    def watch(self) -> None:
        out, err = self.process.stdout, self.process.stderr
        assert out
        assert err
        threading.Thread(target=self._hear, args=(out,), daemon=True).start()
        threading.Thread(target=self._note, args=(err,), daemon=True).start()

    def until(self, step: str, mark: str) -> None:
        """Returns at once when that is told; fails when the run ends before."""
        while True:
            event = self._coming.get(timeout=_SECONDS)
            assert event is not None, f"it ended without {step} {mark}: {self.told}"
            if (event["event"], event.get("step"), event.get("mark")) == ("stepped", step, mark):
                return

    def kill(self) -> None:
        """As a power cut does it to this one process: it has no time for anything."""
        self.process.kill()
        self.process.wait()

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self) -> Done:
        code = self.process.wait(_SECONDS)
        while self._coming.get(timeout=_SECONDS) is not None:
            pass
        return Done(code, self.events, time.monotonic() - self.began, "".join(self._complaints))

    @property
    def told(self) -> str:
        lines = [json.dumps(event) for event in self.events if event["event"] != "probed"]
        return "\n".join([*lines, *self._complaints])

    def _hear(self, channel: IO[str]) -> None:
        for line in channel:
            event = json.loads(line)
            self.events.append(event)
            self._coming.put(event)
        self._coming.put(None)

    def _note(self, channel: IO[str]) -> None:
        self._complaints.extend(channel)


@contextmanager
def deploying(
    production: Deployed, release: Release, *options: str, lifeline: bool = False
) -> Generator[Run]:
    """A deploy that has begun; it does not outlive the block."""
    given = ("--version", release.version, "--yes", "--accept-stale-backup", "--soak", "2")
    more = ("--lifeline",) if lifeline else ()
    with running(production, "deploy", *given, *more, *options) as run:
        yield run


@contextmanager
def running(production: Deployed, *arguments: str) -> Generator[Run]:
    with subprocess.Popen(
        command(production, *arguments, "--json"),
        env=environment(production),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A terminal's Ctrl-C would reach the whole group; here a signal goes to one process.
        start_new_session=True,
    ) as process:
        run = Run(process)
        run.watch()
        try:
            yield run
        finally:
            process.kill()
            process.wait()


def command(production: Deployed, *arguments: str) -> list[str]:
    program = str(production.folder / PROGRAM)
    return [sys.executable, program, *arguments, "--directory", str(production.folder)]


def environment(production: Deployed) -> dict[str, str]:
    return {**os.environ, **production.project.engine.environment}
