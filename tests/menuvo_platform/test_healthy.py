"""The health check of an instance's container."""

import subprocess
import sys
from pathlib import Path

from menuvo_ops.local.ports import free_port
from menuvo_platform.settings import Settings
from tests.instances import running_instance

PROGRAM = Path(sys.executable).parent / "menuvo-platform"


def ask(port: int) -> subprocess.CompletedProcess[str]:
    argv = [str(PROGRAM), "healthy", "instance", "--port", str(port)]
    return subprocess.run(argv, env={}, capture_output=True, text=True, check=False)


def test_an_instance_that_is_ready_is_healthy(settings: Settings, tmp_path: Path) -> None:
    with running_instance(settings, tmp_path) as instance:
        done = ask(int(instance.url.rpartition(":")[2]))
    assert (done.returncode, done.stdout) == (0, "The instance is healthy.\n")


def test_an_instance_that_drains_is_not(settings: Settings, tmp_path: Path) -> None:
    with running_instance(settings, tmp_path, DRAIN_SECONDS="30") as instance:
        instance.process.terminate()
        while (done := ask(int(instance.url.rpartition(":")[2]))).returncode == 0:
            pass
        instance.process.kill()
    assert '"draining"' in done.stdout


def test_where_nobody_listens_nothing_is_healthy() -> None:
    done = ask(free_port())
    assert done.returncode == 1
    assert "it does not answer" in done.stdout
