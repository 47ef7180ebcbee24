"""A deploy as from a laptop or a workflow: the checkout's command, a real ssh, the bed's engine."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from menuvo_ops.local.ports import free_port
from menuvo_ops.rollout.lock import holder
from tests.menuvo_ops.shipping.sshd import SshServer, running_sshd
from tests.menuvo_ops.waiting import eventually
from tests.system.bed.bed import Bed
from tests.system.guides import Operator
from tests.system.rollout.deployed import Deployed, deployed_production
from tests.system.rollout.variants import Release, build

ACTOR = "jo@laptop"
RENAMED = "SELECT count(*) FROM stores WHERE name = 'Renamed since'"
_SECONDS = 300


@dataclass(frozen=True)
class Laptop:
    server: SshServer
    production: Deployed

    def argv(self, *arguments: str) -> list[str]:
        way = ["--host", self.server.address, "--identity", str(self.server.identity)]
        way += ["--known-hosts", str(self.server.known_hosts)]
        return [str(Path(sys.executable).with_name("menuvo")), *arguments, *way]

    @property
    def environment(self) -> dict[str, str]:
        """Without the bed's engine: Docker is asked on the server alone."""
        return {**os.environ, "MENUVO_ACTOR": ACTOR}

    def menuvo(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.argv(*arguments),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )

    @property
    def lock_is_free(self) -> bool:
        return holder(self.production.folder / "releases/lock") is None

    @property
    def left_on_the_server(self) -> list[Path]:
        return list((self.server.home / ".cache/menuvo").iterdir())


@pytest.fixture(scope="module")
def first(bed: Bed) -> Release:
    return build(bed.engine, "good", version="laptop-one")


@pytest.fixture(scope="module")
def laptop(bed: Bed, first: Release, tmp_path_factory: pytest.TempPathFactory) -> Generator[Laptop]:
    folder = tmp_path_factory.mktemp("server")
    own = ("PATH", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_SOCKET")
    there = {**os.environ, **bed.engine.environment}
    environment = {name: there[name] for name in own if name in there}
    with running_sshd(folder, environment=environment) as server:
        deployment = server.home / "menuvo"
        deployment.mkdir()
        with deployed_production(bed, deployment, first) as production:
            yield Laptop(server, production)


def events(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


OPTIONS = ("--accept-stale-backup", "--soak", "0", "--yes")


@pytest.mark.core
def test_a_client_that_is_killed_leaves_the_old_release_serving(bed: Bed, laptop: Laptop) -> None:
    slow = build(bed.engine, "never_healthy", version="laptop-lost")
    argv = laptop.argv("deploy", "--version", slow.version, *OPTIONS, "--json")
    with subprocess.Popen(
        argv, env=laptop.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdout
        told = iter(client.stdout)
        begun = next(line for line in told if '"canary", "mark": "begun"' in line)
        assert begun
        assert not laptop.lock_is_free
        client.kill()
    eventually(lambda: laptop.lock_is_free and not laptop.left_on_the_server, within=90)

    status = json.loads(laptop.menuvo("deploy", "status", "--json").stdout)
    assert (status["state"], status["version"]) == ("serving", "laptop-one")
    assert {one["version"] for one in status["running"]} == {"laptop-one"}
    assert laptop.production.answers("/live")


@pytest.mark.core
def test_a_deploy_shows_its_plan_and_hands_over_values_and_who_asked(
    bed: Bed, laptop: Laptop, tmp_path: Path
) -> None:
    second = build(bed.engine, "good", version="laptop-two")
    values = tmp_path / "values"
    values.write_text("SENTRY_DSN='https://of-the-workflow@o1.ingest.sentry.io/2'\n")
    deploy = ("deploy", "--version", second.version, "--env-from", str(values), *OPTIONS)

    dry = laptop.menuvo(*deploy, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "Replace platform-a: drain, stop, start, confirm" in dry.stderr
    assert dry.stderr.endswith("Nothing was changed: a dry run.\n")
    assert laptop.lock_is_free

    done = laptop.menuvo(*deploy, "--json")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    ended = events(done.stdout)[-1]
    assert (ended["event"], ended["outcome"], ended["version"]) == ("ended", "done", "laptop-two")
    assert ended["failed"] == 0
    assert laptop.left_on_the_server == []

    serving = json.loads(laptop.menuvo("releases", "--json").stdout)[0]
    assert (serving["version"], serving["made_by"]) == ("laptop-two", ACTOR)
    assert "of-the-workflow" in (laptop.production.folder / ".env").read_text()
    assert laptop.production.request("/live").headers["x-menuvo-release"] == "laptop-two"


@pytest.mark.core
def test_what_the_server_refuses_is_refused_here_with_its_exit_code(laptop: Laptop) -> None:
    refused = laptop.menuvo("rollback", "no-such-release", "--yes")
    assert refused.returncode == 2
    assert "There is no release no-such-release." in refused.stderr


@pytest.mark.core
def test_without_a_terminal_nobody_is_asked(laptop: Laptop) -> None:
    asked = laptop.menuvo("rollback")
    assert asked.returncode == 2
    assert "Nobody is there to ask." in asked.stderr


@pytest.mark.core
def test_a_server_that_is_not_there_is_said_in_a_sentence(laptop: Laptop) -> None:
    argv = laptop.argv("deploy", "status")
    argv[argv.index(laptop.server.address)] = f"ssh://deploy@127.0.0.1:{free_port()}"
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.core
def test_a_folder_that_is_not_there_is_not_made(laptop: Laptop) -> None:
    done = laptop.menuvo("deploy", "--version", "x", "--yes", "--directory", "elsewhere")
    assert done.returncode == 2
    assert "There is no folder elsewhere." in done.stderr
    assert not (laptop.server.home / "elsewhere").exists()


def test_backups_are_made_listed_and_restored_from_here(laptop: Laptop) -> None:
    made = laptop.menuvo("backup", "now")
    assert made.returncode == 0, made.stderr
    assert "is made and restored for trial" in made.stdout + made.stderr
    [newest, *_] = json.loads(laptop.menuvo("backup", "list", "--json").stdout)
    assert newest["verified"]
    shown = laptop.menuvo("backup", "show", newest["id"])
    assert shown.returncode == 0
    assert newest["id"] in shown.stdout + shown.stderr

    laptop.production.sql("UPDATE stores SET name = 'Renamed since'")
    asked = laptop.menuvo("restore", newest["id"])
    assert asked.returncode == 2
    assert "Nobody is there to ask." in asked.stderr

    restored = laptop.menuvo("restore", newest["id"], "--yes", "--json")
    assert restored.returncode == 0, restored.stderr
    assert events(restored.stdout)[-1]["outcome"] == "done"
    assert laptop.production.sql(RENAMED) == "0"
    assert laptop.menuvo("restore", "--undo", "--yes").returncode == 0
    assert laptop.production.sql(RENAMED) == "1"
    assert laptop.menuvo("restore", "--forget", "--yes").returncode == 0
    assert laptop.left_on_the_server == []


def test_the_guides_do_what_they_say(bed: Bed, laptop: Laptop, tmp_path: Path) -> None:
    third = build(bed.engine, "good", version="laptop-three")
    (tmp_path / "changed.env").write_text("SENTRY_DSN='https://of-the-guide@errors.example/3'\n")
    options = f"--version {third.version} {' '.join(OPTIONS)}"
    way = " ".join(laptop.argv()[1:])
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    here = {"./menuvo": "menuvo", "--host deploy@example.org": way}
    environment = {**laptop.environment, "PATH": path}
    deploys = {"./menuvo deploy --host": f"menuvo deploy {options} --host", **here}
    operator = Operator(tmp_path, environment, deploys)

    said = operator.follow("deploy")
    assert "laptop-three" in said["./menuvo releases --host deploy@example.org"]
    shown = said["./menuvo deploy status --host deploy@example.org"]
    assert "(laptop-three) serves." in shown
    assert "of-the-guide" in (laptop.production.folder / ".env").read_text()

    [newest, *_] = json.loads(laptop.menuvo("releases", "--json").stdout)
    rollbacks = {
        "./menuvo rollback 17": f"menuvo rollback {newest['release']} --yes",
        "./menuvo rollback": "menuvo rollback --yes",
        **here,
    }
    Operator(tmp_path, environment, rollbacks).follow("rollback")
    [last, *_] = json.loads(laptop.menuvo("releases", "--json").stdout)
    assert (last["state"], last["restores"]) == ("serving", newest["release"])
    assert "of-the-guide" in (laptop.production.folder / ".env").read_text()


def test_the_guide_rotates_secrets_from_afar(laptop: Laptop, tmp_path: Path) -> None:
    way = " ".join(laptop.argv()[1:])
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    here = {
        **{f"env rotate {first}": f"env rotate --yes --soak 0 {first}" for first in "ABD"},
        "./menuvo": "menuvo",
        "--host deploy@example.org": way,
    }
    env_file = laptop.production.folder / ".env"
    before = env_file.read_text()
    operator = Operator(tmp_path, {**laptop.environment, "PATH": path}, here)
    said = operator.follow("rotate-secrets")
    after = env_file.read_text()
    names = ("DB_PASSWORD", "APP_DB_PASSWORD", "AUTH_SECRET", "BESZEL_HUB_KEY")
    for name in names:
        assert line_of(after, name) != line_of(before, name)
        for told in said.values():
            assert line_of(after, name).partition("=")[2] not in told
    assert line_of(after, "AUTH_SECRET_PREVIOUS") == "AUTH_SECRET_PREVIOUS="
    assert not laptop.left_on_the_server


def line_of(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"{name}="))
