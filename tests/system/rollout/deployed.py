"""A deployment folder as on a server, in which the tool of a release does everything."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from menuvo_ops.commands.compose import Project
from menuvo_ops.local.ports import free_port
from menuvo_ops.shipping.packing import pack
from tests.system.bed.bed import Bed
from tests.system.bed.production import CHECKOUT
from tests.system.bed.project import RunningProject
from tests.system.production.stack import ANSWERS, Production, write_environment
from tests.system.rollout.variants import Release

PROGRAM = "menuvo.pyz"
_SECONDS = 600


@dataclass(frozen=True)
class Done:
    """A run of the tool: what it said, event by event, and how long it took."""

    exit_code: int
    events: list[dict[str, Any]]
    seconds: float
    complaints: str
    printed: str = ""


@dataclass
class Deployed(Production):
    """Production whose files the tool has laid into the folder."""

    def menuvo(self, *arguments: str) -> Done:
        argv = [sys.executable, str(self.folder / PROGRAM), *arguments]
        argv += ["--directory", str(self.folder), "--json"]
        began = time.monotonic()
        done = subprocess.run(
            argv,
            env={**os.environ, **self.project.engine.environment},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return Done(done.returncode, events, time.monotonic() - began, done.stderr, done.stdout)

    def deploy(self, release: Release, *options: str) -> Done:
        given = ("--version", release.version, "--yes", "--accept-stale-backup")
        return self.menuvo("deploy", *given, *options)

    def roll_back(self, *options: str) -> Done:
        return self.menuvo("rollback", "--yes", *options)


@contextmanager
def deployed_production(
    bed: Bed, folder: Path, first: Release, **answers: str
) -> Generator[Deployed]:
    """Everything up by the tool's own first deploy, with the demo in it. `answers` are more values
    of the environment."""
    http, https = free_port(), free_port()
    name = f"menuvo-bed-{secrets.token_hex(4)}"
    release = {"VERSION": first.version, "PLATFORM_IMAGE": first.image}
    write_environment(folder, {**ANSWERS, **release, **answers})
    with (folder / ".env").open("a") as file:
        file.write(f"COMPOSE_PROJECT_NAME='{name}'\n")
        file.write(f"HTTP_PORT='127.0.0.1:{http}'\nHTTPS_PORT='127.0.0.1:{https}'\n")
    # As an operator adds what is theirs: a server for the buckets, and Caddy's own certificates.
    local = (CHECKOUT / "infra/docker-compose.local.yml").read_text()
    (folder / "docker-compose.override.yml").write_text(local)
    pack(CHECKOUT, first.version, folder / PROGRAM)
    files = (folder / "docker-compose.yml", folder / "docker-compose.override.yml")
    project = Project(name, files, env_file=folder / ".env")
    production = Deployed(RunningProject(bed.engine, project), folder, http, https)
    try:
        done = production.deploy(first)
        assert done.exit_code == 0, f"{done.events[-3:]}\n{done.complaints}"
        production.demo = json.loads(production.task("seed"))
        yield production
    finally:
        if files[0].exists():
            production.project.down()
