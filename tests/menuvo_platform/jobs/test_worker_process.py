"""Promise 2: nothing acknowledged is lost, whatever process is killed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from menuvo_ops.local.redis import RedisServer, running_redis
from menuvo_platform.adapters.bells import connect
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.jobs.kinds import JobKind
from menuvo_platform.jobs.service import add_job
from tests.conftest import CHECKOUT, PACKAGES, Database
from tests.menuvo_platform import rows
from tests.menuvo_platform.jobs.work import (
    Work,
    bell_at,
    do_at_once,
    do_behind_the_gate,
    effects,
    eventually,
    kind_of,
    states,
)

pytestmark = pytest.mark.slow


class Workshop:
    """Worker processes of one database, and one merchant whose jobs they do."""

    def __init__(
        self, database: Database, sessions: Sessions, store: rows.StoreRow, folder: Path
    ) -> None:
        self.database = database
        self.sessions = sessions
        self.merchant_id = store.merchant_id
        self.folder = folder
        self.gate = folder / "gate"
        self.queue = new_id().hex
        self.gated = kind_of(do_behind_the_gate, self.queue)
        self.immediate = kind_of(do_at_once, self.queue)

    @asynccontextmanager
    async def worker(
        self, redis: RedisServer, *, lease_seconds: int = 30, grace_seconds: float = 10
    ) -> AsyncGenerator[Process]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.menuvo_platform.jobs.worker_process",
            cwd=CHECKOUT,
            stdout=PIPE,
            env={
                **os.environ,
                "DATABASE_URL": self.database.app_url,
                "REDIS_URL": redis.url(),
                "QUEUE": self.queue,
                "STORAGE_DIR": str(self.folder),
                "LEASE_SECONDS": str(lease_seconds),
                "GRACE_SECONDS": str(grace_seconds),
            },
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def add(self, redis: RedisServer, kind: JobKind[Work], *names: str) -> None:
        async with (
            bell_at(redis.url()) as bell,
            transaction(self.sessions, self.merchant_id) as session,
        ):
            for name in names:
                work = Work(name, gate=str(self.gate))
                await add_job(session, bell, kind, work, dedupe_key=name)

    async def becomes(self, **wanted: int) -> None:
        async def has() -> bool:
            return await states(self.sessions, self.merchant_id) == wanted

        await eventually(has)

    async def effects(self) -> list[str]:
        return await effects(self.sessions, self.merchant_id)


@pytest.fixture
async def workshop(
    database: Database, sessions: Sessions, owner_sessions: Sessions, tmp_path: Path
) -> Workshop:
    return Workshop(database, sessions, await rows.add_store(owner_sessions), tmp_path)


async def started(worker: Process, name: str) -> None:
    assert worker.stdout is not None
    async with asyncio.timeout(20):
        while (line := await worker.stdout.readline()).strip() != f"started {name}".encode():
            assert line, "the worker ended before it started the job"


async def test_the_job_of_a_killed_worker_runs_again_and_has_its_effect_once(
    workshop: Workshop, redis_server: RedisServer
) -> None:
    await workshop.add(redis_server, workshop.gated, "a")
    async with workshop.worker(redis_server, lease_seconds=1) as first:
        await started(first, "a")
        first.send_signal(signal.SIGKILL)
        await first.wait()
    await workshop.becomes(running=1)
    workshop.gate.touch()
    async with workshop.worker(redis_server, lease_seconds=1) as second:
        await started(second, "a")
        await workshop.becomes(done=1)
    assert await workshop.effects() == ["a"]


async def test_redis_may_forget_everything_and_go_away_and_come_back_while_jobs_are_queued(
    workshop: Workshop, tmp_path: Path
) -> None:
    with running_redis(tmp_path / "redis", packages=PACKAGES, fast=True) as redis:
        async with workshop.worker(redis) as worker:
            await workshop.add(redis, workshop.gated, "a")
            await started(worker, "a")
            await workshop.add(redis, workshop.immediate, "b", "c")
            async with connect(redis.url()) as client:
                await client.flushall()
            workshop.gate.touch()
            await workshop.becomes(done=3)
            workshop.gate.unlink()
            await workshop.add(redis, workshop.gated, "d")
            await started(worker, "d")
            await stop(redis)
            await workshop.add(redis, workshop.immediate, "e", "f")
            workshop.gate.touch()
            await workshop.becomes(done=6)
            await workshop.add(redis, workshop.immediate, "g")
            await workshop.becomes(done=7)
            assert worker.returncode is None
    assert await workshop.effects() == list("abcdefg")


async def test_sigterm_lets_the_job_in_hand_finish_and_claims_no_other(
    workshop: Workshop, redis_server: RedisServer
) -> None:
    async with workshop.worker(redis_server) as worker:
        await workshop.add(redis_server, workshop.gated, "a")
        await started(worker, "a")
        await workshop.add(redis_server, workshop.gated, "b")
        worker.terminate()
        workshop.gate.touch()
        assert await worker.wait() == 0
    await workshop.becomes(done=1, queued=1)
    assert await workshop.effects() == ["a"]


async def test_sigterm_hands_back_what_takes_too_long(
    workshop: Workshop, redis_server: RedisServer
) -> None:
    async with workshop.worker(redis_server, grace_seconds=0.1) as worker:
        await workshop.add(redis_server, workshop.gated, "a")
        await started(worker, "a")
        worker.terminate()
        assert await worker.wait() == 0
    await workshop.becomes(queued=1)
    assert await workshop.effects() == []


async def test_sigterm_ends_an_idle_worker_at_once(
    workshop: Workshop, redis_server: RedisServer
) -> None:
    async with workshop.worker(redis_server) as worker:
        await workshop.add(redis_server, workshop.immediate, "a")
        await workshop.becomes(done=1)
        worker.terminate()
        async with asyncio.timeout(3):
            assert await worker.wait() == 0


async def stop(redis: RedisServer) -> None:
    async with connect(redis.url()) as client:
        await client.shutdown(nosave=True)
