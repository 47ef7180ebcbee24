"""How long the test bed takes: from nothing, with what is cached, and warm."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.bench.harness import Measurement
from tests.system.bed.cache import CACHE_VARIABLE

_KEPT = ("base", "programs", "packages", "locks")


def measure(folder: Path) -> list[Measurement]:
    """In an empty folder, so that neither our own cache nor that of Go helps the first time."""
    environment = {
        CACHE_VARIABLE: str(folder / "bed"),
        "GOCACHE": str(folder / "go-build"),
        "GOMODCACHE": str(folder / "go-modules"),
        # A module is written without the right to delete it, and this folder must go.
        "GOFLAGS": f"{os.environ.get('GOFLAGS', '')} -modcacherw".strip(),
    }
    from_nothing = _seconds(environment)
    for part in (folder / "bed").iterdir():
        if part.name not in _KEPT:
            shutil.rmtree(part)
    cached = _seconds(environment)
    warm = _seconds(environment)
    return [
        Measurement("test bed from nothing", from_nothing, "s", "lower", 900),
        Measurement("test bed with cached programs and base", cached, "s", "lower", 150),
        Measurement("test bed, warm", warm, "s", "lower", 60),
    ]


def _seconds(environment: Mapping[str, str]) -> float:
    """Until every image of production is on the engine; stopped again."""
    started = time.monotonic()
    try:
        _bed("up", environment)
        return time.monotonic() - started
    finally:
        _bed("down", environment)


def _bed(verb: str, environment: Mapping[str, str]) -> None:
    argv = [sys.executable, "-m", "tests.system.bed", verb]
    done = subprocess.run(
        argv, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
