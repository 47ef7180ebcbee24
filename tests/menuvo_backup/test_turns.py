"""A dump and a base backup are not made at once in one container."""

import asyncio
import json
import signal
from pathlib import Path

import pytest

from menuvo_backup.cli import INTERRUPTED
from menuvo_backup.turns import turn_of_bases, turn_of_dumps
from tests.menuvo_backup.conftest import Service
from tests.menuvo_backup.test_scheduler import start

pytestmark = pytest.mark.timeout(60)


async def test_a_dump_waits_for_the_base_backup_beside_it_and_says_so(local: Service) -> None:
    async with turn_of_bases(local.folder):
        dump = start(local, "now")
        assert dump.stdout is not None
        first = json.loads(await asyncio.to_thread(dump.stdout.readline))
        assert first["event"] == "turn_awaited"
        assert local.catalog.list_records() == []
    assert await asyncio.to_thread(dump.wait) == 0
    assert [one.outcome for one in local.catalog.list_records()] == ["good"]
    dump.communicate()


async def test_one_that_waits_can_be_stopped(local: Service) -> None:
    async with turn_of_bases(local.folder):
        dump = start(local, "now")
        assert dump.stdout is not None
        await asyncio.to_thread(dump.stdout.readline)
        dump.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(dump.wait) == INTERRUPTED
    dump.communicate()


async def test_a_base_backup_waits_for_dumps_and_dumps_for_none_of_their_own(
    tmp_path: Path,
) -> None:
    async with asyncio.timeout(10):
        async with turn_of_dumps(tmp_path), turn_of_dumps(tmp_path):
            base = asyncio.ensure_future(had(tmp_path))
            done, _ = await asyncio.wait([base], timeout=0.1)
            assert not done
        await base


async def test_what_another_clone_makes_is_not_waited_for(tmp_path: Path) -> None:
    async with asyncio.timeout(10), turn_of_bases(tmp_path / "one"):
        await had(tmp_path / "other")


async def had(folder: Path) -> None:
    async with turn_of_bases(folder):
        pass
