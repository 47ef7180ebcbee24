"""The memory of a container while it runs, as the kernel counts it for its control group."""

import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.errors import CommandFailed
from tests.system.bed.engine import Engine

_PAUSE_SECONDS = 0.1


@dataclass
class Peak:
    """In bytes. `anonymous` is what the programs themselves hold, sampled ten times a second; with
    `everything` the kernel counts files it keeps in memory too, as long as there is room."""

    anonymous: int = 0
    everything: int = 0


@contextmanager
def watched(engine: Engine, container: str) -> Generator[Peak]:
    """A container that is started within the block, by its name."""
    peak, ended = Peak(), threading.Event()
    thread = threading.Thread(target=_watch, args=(engine, container, peak, ended), daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


@dataclass(frozen=True)
class _Counters:
    """Of one group: a line of `statistics`, and a file that holds the most there ever was."""

    statistics: Path
    anonymous: str
    most: Path

    def note(self, peak: Peak) -> None:
        words = dict(line.split() for line in self.statistics.read_text().splitlines())
        peak.anonymous = max(peak.anonymous, int(words[self.anonymous]))
        peak.everything = int(self.most.read_text())


def _watch(engine: Engine, container: str, peak: Peak, ended: threading.Event) -> None:
    counters: _Counters | None = None
    while not ended.wait(_PAUSE_SECONDS):
        # It does not run yet, or not any more.
        with suppress(CommandFailed, OSError):
            counters = counters or counters_of(_groups_of(engine, container))
            counters.note(peak)


def _groups_of(engine: Engine, container: str) -> str:
    argv = ["docker", "container", "inspect", "--format", "{{.State.Pid}}", container]
    pid = engine.docker(argv, what="Looking for the container").strip()
    return Path(f"/proc/{pid}/cgroup").read_text()


def counters_of(groups: str, trees: Path = Path("/sys/fs/cgroup")) -> _Counters:
    """`groups` as /proc/PID/cgroup has them: `4:memory:/path` where each controller has a tree of
    its own (version 1), else `0::/path`."""
    lines = (line.split(":", 2) for line in groups.splitlines())
    paths = {controller: path for _, controller, path in lines}
    if "memory" in paths:
        group = trees / "memory" / paths["memory"].lstrip("/")
        return _Counters(group / "memory.stat", "total_rss", group / "memory.max_usage_in_bytes")
    group = trees / paths[""].lstrip("/")
    return _Counters(group / "memory.stat", "anon", group / "memory.peak")
