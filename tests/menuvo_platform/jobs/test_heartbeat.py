"""A worker that hangs, or cannot work, is not taken for a healthy one."""

import asyncio
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from menuvo_ops.local.ports import free_port
from menuvo_ops.local.redis import RedisServer
from menuvo_platform.adapters.storage import local_storage
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.jobs import doorbell, heartbeat
from menuvo_platform.jobs.heartbeat import STALE_SECONDS, Heartbeat, find_trouble
from menuvo_platform.jobs.kinds import Handled
from menuvo_platform.jobs.service import add_job
from menuvo_platform.jobs.worker import Worker
from tests.menuvo_platform import rows
from tests.menuvo_platform.jobs.work import (
    Work,
    bell_at,
    do_behind_the_gate,
    eventually,
    kind_of,
    states,
)

PROGRAM = Path(sys.executable).parent / "menuvo-platform"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "heartbeat"


def make_old(file: Path) -> None:
    then = time.time() - STALE_SECONDS - 1
    os.utime(file, (then, then))


@asynccontextmanager
async def working(
    sessions: Sessions, redis: RedisServer, file: Path, *kinds: Handled, queue: str = "idle"
) -> AsyncGenerator[None]:
    stopping = asyncio.Event()
    async with bell_at(redis.url()) as bell, asyncio.TaskGroup() as group:
        worker = Worker(
            queue,
            kinds,
            sessions=sessions,
            storage=local_storage(file.parent / "storage"),
            bell=bell,
        )
        group.create_task(worker.run(stopping, Heartbeat(file)))
        yield
        stopping.set()


async def becomes(file: Path, trouble: str | None) -> None:
    async def so() -> bool:
        return find_trouble(file) == trouble

    await eventually(so)


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times as often as in production."""
    monkeypatch.setattr(doorbell, "LOOK_SECONDS", doorbell.LOOK_SECONDS / 10)
    monkeypatch.setattr(heartbeat, "EVERY_SECONDS", heartbeat.EVERY_SECONDS / 10)


def test_a_worker_beats_several_times_before_it_is_taken_for_dead() -> None:
    assert max(doorbell.LOOK_SECONDS, heartbeat.EVERY_SECONDS) * 3 < STALE_SECONDS


@pytest.mark.usefixtures("impatience")
async def test_a_worker_that_waits_for_work_goes_on_beating(
    sessions: Sessions, redis_server: RedisServer, file: Path
) -> None:
    assert find_trouble(file) == "it has not begun to work yet"
    async with working(sessions, redis_server, file):
        for _ in range(2):
            await becomes(file, None)
            make_old(file)
        await becomes(file, None)


@pytest.mark.usefixtures("impatience")
async def test_a_worker_goes_on_beating_while_a_job_takes_its_time(
    sessions: Sessions, owner_sessions: Sessions, redis_server: RedisServer, file: Path
) -> None:
    store, gate = await rows.add_store(owner_sessions), file.parent / "gate"
    kind = kind_of(do_behind_the_gate, "long")
    async with (
        bell_at(redis_server.url()) as bell,
        transaction(sessions, store.merchant_id) as session,
    ):
        await add_job(session, bell, kind, Work("a", gate=str(gate)), dedupe_key="a")

    async def running() -> bool:
        return await states(sessions, store.merchant_id) == {"running": 1}

    async with working(sessions, redis_server, file, kind, queue="long"):
        await eventually(running)
        await becomes(file, None)
        make_old(file)
        await becomes(file, None)
        assert await running()
        gate.touch()


async def test_a_worker_without_its_database_says_so(redis_server: RedisServer, file: Path) -> None:
    nowhere = create_async_engine(f"postgresql+asyncpg://a:b@127.0.0.1:{free_port()}/c")
    async with working(async_sessionmaker(nowhere), redis_server, file):
        await becomes(file, "the database does not answer")


def healthy(**environment: str) -> subprocess.CompletedProcess[str]:
    """With nothing else in its environment."""
    return subprocess.run(
        [PROGRAM, "healthy", "worker"], env=environment, capture_output=True, text=True, check=False
    )


def test_the_health_check_tells_a_beating_worker_from_one_that_hangs(file: Path) -> None:
    beats = Heartbeat(file)
    beats.beat()
    assert healthy(HEARTBEAT_FILE=str(file)).returncode == 0
    beats.beat("the database does not answer")
    troubled = healthy(HEARTBEAT_FILE=str(file))
    assert (troubled.returncode, troubled.stdout) == (
        1,
        "The worker is not healthy: the database does not answer.\n",
    )
    beats.beat()
    make_old(file)
    hanging = healthy(HEARTBEAT_FILE=str(file))
    assert hanging.returncode == 1
    assert "no sign of life" in hanging.stdout


def test_the_health_check_of_a_worker_that_shows_nothing_says_what_to_set() -> None:
    silent = healthy()
    assert silent.returncode == 1
    assert "HEARTBEAT_FILE is not set" in silent.stdout


def test_the_health_check_is_light(file: Path) -> None:
    Heartbeat(file).beat()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert healthy(HEARTBEAT_FILE=str(file)).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.2
    program = (
        "import sys; from menuvo_platform.cli import main; main(['healthy', 'worker']);"
        " print({'sqlalchemy', 'msgspec', 'redis', 'litestar'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"HEARTBEAT_FILE": str(file)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["The worker is healthy.", "set()"]
