"""From nothing to the first menu page, and the second time."""

import os
import shutil
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.bench.harness import Measurement
from tests.system.clone import Stack, copy_checkout, describe, menuvo


@contextmanager
def measured_stack() -> Generator[tuple[Stack, list[Measurement]]]:
    """A platform from a cold clone, and how long it took; stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="menuvo-bench-"))
    caches = {"UV_CACHE_DIR": str(folder / "uv-cache"), "PIP_NO_CACHE_DIR": "1"}
    cold, warm = folder / "cold", folder / "warm"
    try:
        first = _seconds_to_menu(cold, caches)
        menuvo(cold, "down", env=caches)
        without_downloads = _seconds_to_menu(warm, caches)
        menuvo(warm, "down", env=caches)
        again = _seconds_to_menu(warm, caches)
        yield (
            describe(warm),
            [
                Measurement("clean clone to first menu page", first, "s", "lower", 180),
                Measurement("of these, downloads", first - without_downloads, "s", "lower"),
                Measurement("second ./menuvo up", again, "s", "lower", 10),
            ],
        )
    finally:
        menuvo(warm, "down", env=caches)
        shutil.rmtree(folder, ignore_errors=True)


def _seconds_to_menu(root: Path, caches: Mapping[str, str]) -> float:
    if not root.exists():
        copy_checkout(root)
    started = time.monotonic()
    menuvo(root, "up", "--detach", env=caches)
    assert httpx.get(describe(root).menu_url).status_code == 200
    return time.monotonic() - started


def idle_memory(stack: Stack) -> Measurement:
    """The larger of both instances, after they have served pages and orders."""
    sizes = [stack.service(name)["resident_bytes"] for name in ("platform-a", "platform-b")]
    return Measurement("idle platform instance", max(sizes) / 1_000_000, "MB", "lower", 120)


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, in user and kernel."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
