"""One program that runs as long as a block of code."""

import os
import signal
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from menuvo_ops.errors import ServiceFailed
from menuvo_ops.local.logs import last_lines
from menuvo_ops.local.probes import Probe, wait_until_healthy

_GRACE = 10.0


@contextmanager
def running(
    argv: list[str],
    *,
    log: Path,
    probe: Probe,
    stop_with: signal.Signals = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
) -> Generator[subprocess.Popen[bytes]]:
    """Start `argv`, wait until it is healthy, and stop it at the end of the block."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            argv,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        if not wait_until_healthy(probe, still_running=lambda: process.poll() is None):
            raise ServiceFailed(
                f"{Path(argv[-1]).name} did not become healthy.", hint=last_lines(log)
            )
        yield process
    finally:
        _stop(process, stop_with)


def _stop(process: subprocess.Popen[bytes], stop_with: signal.Signals) -> None:
    process.send_signal(stop_with)
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
