"""docs/guides/production-by-hand.md, command by command."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from menuvo_ops.local.ports import free_port
from tests.system.bed.bed import Bed
from tests.system.bed.production import CHECKOUT, variables
from tests.system.production.stack import ANSWERS, DOMAIN

pytestmark = pytest.mark.core

GUIDE = CHECKOUT / "docs/guides/production-by-hand.md"
# No registry is reached from here, and this is no server of its own.
NOT_HERE = {"docker compose pull": "true"}


def commands() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


def test_every_command_of_the_guide_does_what_it_says(bed: Bed, tmp_path: Path) -> None:
    folder = tmp_path / "menuvo"
    shutil.copytree(CHECKOUT / "infra", folder, ignore=shutil.ignore_patterns(".env", "secrets"))
    filled_in = "".join(f"{name}='{value}'\n" for name, value in ANSWERS.items())
    (folder / ".env").write_text(filled_in)
    http = free_port()
    environment = {
        **os.environ,
        **bed.engine.environment,
        **variables(),
        "COMPOSE_FILE": "docker-compose.yml:docker-compose.local.yml",
        "COMPOSE_PROJECT_NAME": f"by-hand-{http}",
        "HTTP_PORT": f"127.0.0.1:{http}",
        "HTTPS_PORT": f"127.0.0.1:{free_port()}",
    }
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    said: dict[str, str] = {}
    try:
        for command in commands():
            here = NOT_HERE.get(command, command)
            here = here.replace("menuvo.example.org", DOMAIN)
            here = here.replace("http://localhost", f"http://localhost:{http}")
            said[command] = bash(here, folder, environment)
    finally:
        bash("docker compose down --volumes", folder, environment)

    assert '"status":"ok"' in said["curl -fsS http://localhost/health"]
    [counted] = [told for command, told in said.items() if "SELECT count" in command]
    assert re.search(r"^\s+0$", counted, re.MULTILINE)
    assert "platform-b" in said["docker compose ps"]


def bash(command: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
