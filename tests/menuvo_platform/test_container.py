"""The platform as a container of production runs it: see container.sh.

Its environment holds no secret, no HOME and no name of a user; secrets are files.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HeartbeatProbe, HttpProbe
from menuvo_ops.local.running import running
from menuvo_platform.db.session import Sessions
from menuvo_platform.settings import VARIABLES, Settings
from tests.conftest import CHECKOUT
from tests.instances import environment_of
from tests.menuvo_platform.accounts.people import UserRow, add_user
from tests.menuvo_platform.adapters.pictures import landscape
from tests.menuvo_platform.console.signing_in import go_to_work
from tests.menuvo_platform.jobs.work import eventually
from tests.menuvo_platform.menus.dishes import add_item
from tests.menuvo_platform.rows import StoreRow, add_store
from tests.versitygw import ObjectServer, running_object_server

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[ObjectServer]:
    with running_object_server(tmp_path_factory.mktemp("objects")) as server:
        yield server


@pytest.fixture
def environment(settings: Settings, server: ObjectServer, tmp_path: Path) -> Mapping[str, str]:
    """Every secret as NAME_FILE; one that nobody has set is an empty file."""
    values = environment_of(replace(settings, s3=server.settings, drain_seconds=0.5))
    given: dict[str, str] = {"PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath}
    for variable in VARIABLES:
        if variable.secret:
            file = tmp_path / variable.name.lower()
            file.write_text(values.get(variable.name, ""))
            given[f"{variable.name}_FILE"] = str(file)
        elif variable.name in values:
            given[variable.name] = values[variable.name]
    return given


def contained(environment: Mapping[str, str], *command: str) -> list[str]:
    script = Path(__file__).with_name("container.sh")
    mapped = ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*mapped, "true"], capture_output=True, check=False).returncode:
        mapped = ["sudo", "-n", *mapped]  # Where only root may make namespaces.
    alone = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
    program = [*alone, sys.executable, "-m", "menuvo_platform", *command]
    return [*mapped, "sh", str(script), str(CHECKOUT), *program]


@pytest.fixture
async def store(owner_sessions: Sessions) -> StoreRow:
    return await add_store(owner_sessions)


@pytest.fixture
async def owner(owner_sessions: Sessions, store: StoreRow) -> UserRow:
    return await add_user(owner_sessions, store.merchant_id)


@pytest.fixture
def instance(
    environment: Mapping[str, str], tmp_path: Path
) -> Generator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    argv = contained(environment, "serve", "--port", str(port))
    with running(argv, log=tmp_path / "log", probe=HttpProbe(port, "/ready")) as process:
        yield f"http://127.0.0.1:{port}", process


async def test_a_picture_goes_all_the_way_with_nothing_but_tmp_to_write_to(
    environment: Mapping[str, str],
    instance: tuple[str, subprocess.Popen[bytes]],
    owner_sessions: Sessions,
    store: StoreRow,
    owner: UserRow,
    tmp_path: Path,
) -> None:
    url, _ = instance
    soup = await add_item(owner_sessions, store, "Suppe", 790)
    heartbeat = tmp_path / "heartbeat"
    argv = contained({**environment, "HEARTBEAT_FILE": str(heartbeat)}, "worker", "images")
    async with httpx.AsyncClient(base_url=url) as client:
        work = await go_to_work(client, owner, store)
        # Beyond what a form may hold in memory, so that it is kept in a file meanwhile.
        content = landscape().jpegsave_buffer() + bytes(3 * 1024 * 1024)
        answer = await work.upload(f"/menu/{soup.id}/picture", "picture", content, "soup.jpg")
        assert answer.status_code == 303

        async def made() -> bool:
            return "/media/" in (await work.get(f"/menu/{soup.id}/picture")).text

        with running(argv, log=tmp_path / "worker.log", probe=HeartbeatProbe(heartbeat)) as worker:
            await eventually(made, within=60)
            worker.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(worker.wait, 30) == 0
    assert "Traceback" not in (tmp_path / "log").read_text() + (tmp_path / "worker.log").read_text()


def test_sigterm_through_an_init_drains(
    instance: tuple[str, subprocess.Popen[bytes]],
) -> None:
    url, process = instance
    with httpx.Client(base_url=url) as kept_open:
        assert kept_open.get("/ready").status_code == 200
        process.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        while kept_open.get("/ready").status_code == 200:
            assert time.monotonic() - asked < 2
        assert httpx.get(f"{url}/live").status_code == 200
        assert process.wait(20) == 0


def test_logs_are_written_as_they_come(
    instance: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    url, process = instance
    headers = {"x-request-id": "0123456789abcdef"}
    httpx.get(f"{url}/nowhere/at/all", headers=headers)

    def logged() -> bool:
        lines = (tmp_path / "log").read_text().splitlines()
        return any(json.loads(line).get("request_id") == "0123456789abcdef" for line in lines)

    asked = time.monotonic()
    while not logged():
        assert time.monotonic() - asked < 2
    assert process.poll() is None


def test_every_command_gives_its_secrets_only_to_files(environment: Mapping[str, str]) -> None:
    argv = contained(environment, "check")
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
