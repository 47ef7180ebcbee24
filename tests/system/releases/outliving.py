"""A release that goes on running, and starts again, on the schema of the one after it."""

import os
import subprocess
import sys
import tarfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.running import running
from tests.system.releases.history import Previous

SECONDS = 120


class Broken(Exception):
    """What a command of a release said when it failed."""


@dataclass(frozen=True)
class Code:
    """The code of a release, run by the Python and the libraries of this environment."""

    root: Path

    def run(self, *argv: str, env: Mapping[str, str], stdin: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", *argv],
            cwd=self.root,
            env=self.environment(env),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise Broken(f"{' '.join(argv)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    @contextmanager
    def serving(self, env: Mapping[str, str], log: Path) -> Generator[str]:
        port = free_port()
        argv = [sys.executable, "-m", "menuvo_platform", "serve", "--port", str(port)]
        environment = self.environment(env)
        with running(argv, log=log, probe=HttpProbe(port, "/ready"), env=environment):
            yield f"http://127.0.0.1:{port}"

    def environment(self, env: Mapping[str, str]) -> dict[str, str]:
        path = os.pathsep.join((str(self.root / "src"), str(self.root)))
        # Six processes of one release need not compile it six times.
        return {**os.environ, **env, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": ""}


@dataclass(frozen=True)
class Place:
    """An empty database and what else a platform needs."""

    owner: Mapping[str, str]
    application: Mapping[str, str]
    log: Path


def unpack(repository: Path, previous: Previous, into: Path) -> Code:
    """The previous release as it was committed."""
    archive = subprocess.run(
        ["git", "archive", "--format=tar", f"--output={into.with_suffix('.tar')}", previous.commit],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert archive.returncode == 0, archive.stderr
    with tarfile.open(into.with_suffix(".tar")) as packed:
        packed.extractall(into, filter="data")
    return Code(into)


def settle(code: Code, place: Place) -> str:
    """Lets the release move in, as it did when it was the newest; its demo, as JSON."""
    code.run("menuvo_platform", "migrate", env=place.owner)
    return code.run("menuvo_platform", "seed", env=place.owner)


def outlive(code: Code, demo: str, *, head: str, present: Code, place: Place) -> None:
    """Puts the release with this schema head through the migration of the present one, and lets
    its own smoke test judge. Raises Broken."""

    def smoke(base_url: str, when: str) -> None:
        try:
            code.run("tests.system.smoke", base_url, env=place.application, stdin=demo)
        except Broken as broken:
            raise Broken(f"{when}: {broken}\n{place.log.read_text()[-8000:]}") from broken

    with code.serving(place.application, place.log) as base_url:
        smoke(base_url, "before the migration")
        present.run("menuvo_platform", "migrate", "--running", head, env=place.owner)
        smoke(base_url, "while it runs on the new schema")
    # As after a crash, or after a rollback.
    with code.serving(place.application, place.log) as base_url:
        smoke(base_url, "started on the new schema")
