"""`menuvo-platform metrics`: what the instance in this container has counted."""

import subprocess
import sys
from pathlib import Path

import httpx

from menuvo_ops.local.ports import free_port
from menuvo_platform.settings import Settings
from tests.instances import running_instance

PROGRAM = Path(sys.executable).parent / "menuvo-platform"


def ask(port: int) -> subprocess.CompletedProcess[str]:
    argv = [str(PROGRAM), "metrics", "--port", str(port)]
    return subprocess.run(argv, env={}, capture_output=True, text=True, check=False)


def test_the_figures_of_an_instance_are_printed_as_they_are(
    settings: Settings, tmp_path: Path
) -> None:
    with running_instance(settings, tmp_path) as instance:
        httpx.get(f"{instance.url}/nowhere/at/all")
        done = ask(int(instance.url.rpartition(":")[2]))
    assert (done.returncode, done.stderr) == (0, "")
    assert 'menuvo_http_requests_total{status="4xx"} 1.0\n' in done.stdout
    assert done.stdout.endswith("\n")


def test_where_nobody_listens_it_says_so() -> None:
    done = ask(free_port())
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The instance tells no figures: it does not answer")
