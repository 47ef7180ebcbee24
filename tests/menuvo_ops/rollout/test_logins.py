"""The steps that change passwords, on a real PostgreSQL: who is let in after each."""

import asyncio
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import asyncpg
import pytest
from tests.conftest import APP_PASSWORD, PACKAGES, quoted
from tests.menuvo_ops.rollout.releases import release

from menuvo_ops.environment import Deployment
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.values import Values
from menuvo_ops.local.postgres import PostgresServer, provide, running_postgres
from menuvo_ops.rollout import logins
from menuvo_ops.rollout.containers import Container
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.scene import Scene
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.steps.logins import CloseLogin, OpenLogin, OwnerPassword
from menuvo_platform.db.migrate import migrate

pytestmark = pytest.mark.slow

NEW = "another-password"
BEFORE, AFTER = release(1), release(2, previous=1)
# What Docker does in the container: `exec --interactive ID psql ...`. Its socket asks for no
# password; here the address does.
_DOCKER = """#!/bin/sh
shift 4
printf '%s ' "$@" >>{folder}/arguments
exec env {environment} {psql} "$@"
"""


@dataclass
class Stage:
    """As much of a scene as these steps look at."""

    stack: Stack
    server: PostgresServer
    arguments: Path
    environments: dict[int, Values] = field(default_factory=dict[int, Values])
    previous: Release = BEFORE
    target: Release = AFTER

    def values(self, one: Release) -> Values:
        return self.environments[one.number]

    def container(self, service: str) -> Container:
        return Container(
            id=service,
            created="",
            service=service,
            image="",
            config_hash="",
            status="running",
            health="healthy",
            restarts=0,
            exit_code=0,
            out_of_memory=False,
            memory_limit=0,
            ports={},
        )

    @property
    def scene(self) -> Scene:
        return cast("Scene", cast("object", self))

    def goes_from(self, before: Values, after: Values) -> None:
        self.environments = {BEFORE.number: before, AFTER.number: after}

    def lets_in(self, login: str, password: str) -> bool:
        return asyncio.run(_log_in(self.server.url(login, password=quoted(password))))


async def _log_in(url: str) -> bool:
    try:
        session = await asyncpg.connect(url)
    except asyncpg.InvalidAuthorizationSpecificationError:
        return False
    await session.close()
    return True


def environment(login: str, password: str, owner: str = "owner") -> Values:
    return {
        "APP_DB_USER": Redacted(login),
        "APP_DB_PASSWORD": Redacted(password),
        "DB_PASSWORD": Redacted(owner),
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[PostgresServer]:
    """Of its own: here logins are closed that all other tests use."""
    folder = tmp_path_factory.mktemp("postgres")
    with running_postgres(folder, packages=PACKAGES, fast=True) as server:
        yield server


@pytest.fixture
def stage(server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """As a first deploy leaves it."""
    asyncio.run(migrate(server.url(), APP_PASSWORD, lambda _: None))
    found = provide(PACKAGES, lambda _: None)
    reached = {"PGHOST": "127.0.0.1", "PGPORT": server.port, "PGPASSWORD": server.password}
    settings = " ".join(f"{name}='{value}'" for name, value in {**found.env, **reached}.items())
    docker = tmp_path / "docker"
    docker.write_text(
        _DOCKER.format(folder=tmp_path, environment=settings, psql=found.bindir / "psql")
    )
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return Stage(Stack(Deployment(tmp_path)), server, tmp_path / "arguments")


def test_both_logins_are_good_until_the_old_one_is_closed(stage: Stage) -> None:
    stage.goes_from(environment("menuvo_app", APP_PASSWORD), environment("menuvo_app_b", NEW))
    opened, closed = OpenLogin("open-login", stage.scene), CloseLogin("close-login", stage.scene)
    for _ in range(2):
        opened.do()
        assert stage.lets_in("menuvo_app", APP_PASSWORD)
        assert stage.lets_in("menuvo_app_b", NEW)
    for _ in range(2):
        closed.do()
        assert not stage.lets_in("menuvo_app", APP_PASSWORD)
        assert stage.lets_in("menuvo_app_b", NEW)


def test_the_way_back_opens_the_old_login_before_it_closes_the_new_one(stage: Stage) -> None:
    stage.goes_from(environment("menuvo_app", APP_PASSWORD), environment("menuvo_app_b", NEW))
    opened, closed = OpenLogin("open-login", stage.scene), CloseLogin("close-login", stage.scene)
    opened.do()
    closed.do()
    closed.undo()
    assert stage.lets_in("menuvo_app", APP_PASSWORD)
    assert stage.lets_in("menuvo_app_b", NEW)
    opened.undo()
    assert stage.lets_in("menuvo_app", APP_PASSWORD)
    assert not stage.lets_in("menuvo_app_b", NEW)


def test_the_role_that_has_the_rights_takes_its_turn_again(stage: Stage) -> None:
    stage.goes_from(environment("menuvo_app_b", NEW), environment("menuvo_app", "a third one"))
    OpenLogin("open-login", stage.scene).do()
    CloseLogin("close-login", stage.scene).do()
    assert stage.lets_in("menuvo_app", "a third one")
    assert not stage.lets_in("menuvo_app_b", NEW)


def test_whoever_is_still_in_by_the_old_login_is_thrown_out(stage: Stage) -> None:
    stage.goes_from(environment("menuvo_app", APP_PASSWORD), environment("menuvo_app_b", NEW))

    async def until_thrown_out() -> None:
        url = stage.server.url("menuvo_app", password=quoted(APP_PASSWORD))
        session = await asyncpg.connect(url)
        out = asyncio.Event()

        def note(_session: object) -> None:
            out.set()

        session.add_termination_listener(note)
        await asyncio.to_thread(CloseLogin("close-login", stage.scene).do)
        await asyncio.wait_for(out.wait(), 30)

    asyncio.run(until_thrown_out())


def test_the_owner_is_let_in_by_the_new_password_alone_and_back_again(stage: Stage) -> None:
    own = stage.server.password
    stage.goes_from(
        environment("menuvo_app", APP_PASSWORD, own), environment("menuvo_app", APP_PASSWORD, NEW)
    )
    step = OwnerPassword("owner-password", stage.scene)
    step.do()
    assert stage.lets_in("menuvo", NEW)
    assert not stage.lets_in("menuvo", own)
    program = stage.arguments.with_name("docker")
    program.write_text(program.read_text().replace(f"PGPASSWORD='{own}'", f"PGPASSWORD={NEW}"))
    step.undo()
    assert stage.lets_in("menuvo", own)
    assert not stage.lets_in("menuvo", NEW)


def test_a_database_of_before_lets_in_who_knows_todays_passwords_alone(stage: Stage) -> None:
    own = stage.server.password
    stage.goes_from(
        environment("menuvo_app", APP_PASSWORD), environment("menuvo_app_b", "todays", own)
    )
    logins.renew(stage.scene, AFTER)
    assert stage.lets_in("menuvo", own)
    assert stage.lets_in("menuvo_app_b", "todays")
    assert not stage.lets_in("menuvo_app", APP_PASSWORD)


def test_no_password_stands_in_an_argument(stage: Stage) -> None:
    stage.goes_from(environment("menuvo_app", APP_PASSWORD), environment("menuvo_app_b", NEW))
    OpenLogin("open-login", stage.scene).do()
    told = stage.arguments.read_text()
    assert "--single-transaction" in told
    assert "PASSWORD" not in told
    assert "SCRAM" not in told
