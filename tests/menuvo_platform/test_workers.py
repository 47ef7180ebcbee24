"""The workers as `menuvo-platform worker` runs them."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from menuvo_ops.local.ports import free_port
from menuvo_ops.local.redis import RedisServer
from menuvo_platform.adapters.storage import local_storage
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.images.queries import find_image
from menuvo_platform.images.service import store_upload
from menuvo_platform.imports.jobs import KINDS as IMPORTS
from menuvo_platform.imports.service import store_menu_file
from menuvo_platform.jobs.doorbell import Doorbell
from tests.conftest import Database
from tests.menuvo_platform import rows
from tests.menuvo_platform.adapters.pictures import landscape
from tests.menuvo_platform.imports.reading import find_import
from tests.menuvo_platform.jobs.work import bell_at, eventually

pytestmark = pytest.mark.slow

PROGRAM = """
import asyncio, os, sys
from menuvo_platform.settings import read_settings
from menuvo_platform.workers import run_worker
port = int(sys.argv[2]) if sys.argv[2:] else None
asyncio.run(run_worker(read_settings(os.environ), sys.argv[1], port))
sys.exit(3 if {"pyvips", "pi_heif"} & sys.modules.keys() else 0)
"""


@pytest.fixture
async def bell(redis_server: RedisServer) -> AsyncGenerator[Doorbell]:
    async with bell_at(redis_server.url()) as bell:
        yield bell


@asynccontextmanager
async def worker(
    queue: str,
    database: Database,
    redis: RedisServer,
    folder: Path,
    *,
    metrics_port: int | None = None,
) -> AsyncGenerator[None]:
    """Ends it with SIGTERM, and expects that it leaves well and has loaded no decoder itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        queue,
        *([str(metrics_port)] if metrics_port else []),
        env={
            **os.environ,
            "DATABASE_URL": database.app_url,
            "REDIS_URL": redis.url(),
            "AUTH_SECRET": "a secret of the tests, long enough",
            "PUBLIC_URL": "http://menuvo.test",
            "STORAGE_DIR": str(folder),
        },
    )
    try:
        yield
        process.terminate()
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_the_worker_for_images_makes_variants(
    database: Database,
    sessions: Sessions,
    owner_sessions: Sessions,
    redis_server: RedisServer,
    bell: Doorbell,
    tmp_path: Path,
) -> None:
    ours = await rows.add_store(owner_sessions)
    async with transaction(sessions, ours.merchant_id) as session:
        content = landscape().jpegsave_buffer()
        uploaded = await store_upload(session, bell, local_storage(tmp_path), content)

    async def ready() -> bool:
        async with transaction(sessions, ours.merchant_id) as session:
            image = await find_image(session, uploaded.id)
        return image is not None and image.state == "ready"

    async with worker("images", database, redis_server, tmp_path):
        await eventually(ready)


async def test_the_worker_for_imports_reads_menus(
    database: Database,
    sessions: Sessions,
    owner_sessions: Sessions,
    redis_server: RedisServer,
    bell: Doorbell,
    tmp_path: Path,
) -> None:
    ours = await rows.add_store(owner_sessions)
    async with transaction(sessions, ours.merchant_id) as session:
        import_id = await store_menu_file(
            session,
            bell,
            local_storage(tmp_path),
            store_id=ours.id,
            user_id=None,
            file_name="karte.csv",
            content="Gericht;Preis\nKäsespätzle;12,50\n".encode("latin-1"),
        )

    async def read() -> bool:
        async with transaction(sessions, ours.merchant_id) as session:
            found = await find_import(session, import_id)
        return found is not None and found.state == "review"

    port = free_port()
    async with worker("imports", database, redis_server, tmp_path, metrics_port=port):
        await eventually(read)
        async with httpx.AsyncClient() as prometheus:
            told = (await prometheus.get(f"http://127.0.0.1:{port}/metrics")).text
    kind = IMPORTS[0].name
    assert f'menuvo_jobs_ended_total{{kind="{kind}",outcome="done"}} 1.0' in told
    assert f'menuvo_job_seconds_count{{kind="{kind}"}} 1.0' in told
    assert 'menuvo_release_info{release="unknown"} 1.0' in told
    assert "process_resident_memory_bytes" in told


def test_a_worker_loads_no_decoder_to_start() -> None:
    program = "import sys, menuvo_platform.workers; print({'pyvips', 'pi_heif'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
