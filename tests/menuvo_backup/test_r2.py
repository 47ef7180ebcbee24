"""A whole backup on storage that is as strict as R2, and takes nothing that R2 does not."""

import asyncio
from collections.abc import Generator
from pathlib import Path

import pytest

from menuvo_backup.recall import recall
from menuvo_backup.records import DUMP, GLOBALS, MANIFEST, RECORD
from menuvo_backup.restore import restore
from menuvo_backup.run import back_up
from menuvo_backup.settings import BucketSettings, Redacted
from menuvo_backup.verify import verify
from tests.age import new_pair
from tests.conftest import Database
from tests.menuvo_backup.conftest import Service, fill, variables_of
from tests.r2.objects import MEBIBYTE
from tests.r2.server import KEY, R2, SECRET, running_r2

pytestmark = pytest.mark.slow
BUCKET = "backups"
# Two whole parts and a bit.
ROWS = 40_000


@pytest.fixture
def r2() -> Generator[R2]:
    with running_r2(BUCKET) as server:
        yield server


def settings_of(r2: R2) -> BucketSettings:
    return BucketSettings(
        endpoint=r2.endpoint,
        region="auto",
        bucket=BUCKET,
        prefix="menuvo",
        access_key_id=Redacted(KEY),
        secret_access_key=Redacted(SECRET),
    )


@pytest.mark.usefixtures("age")
@pytest.mark.parametrize("sealed", [False, True], ids=["plain", "sealed"])
def test_a_backup_of_several_parts_goes_there_and_all_the_way_back(
    local: Service, filled: Database, r2: R2, tmp_path: Path, *, sealed: bool
) -> None:
    pair = new_pair()
    service = local.with_(**variables_of(settings_of(r2)))
    if sealed:
        service = service.with_(
            BACKUP_AGE_RECIPIENT=pair.recipient, BACKUP_AGE_IDENTITY=pair.identity
        )
    new = service.with_(BACKUP_DIR=str(tmp_path / "new"))
    (tmp_path / "new").mkdir()

    async def all_the_way() -> str:
        await fill(filled, rows=ROWS)
        record = await back_up(service.settings)
        await verify(service.settings)
        assert [found.id for found in await recall(new.settings)] == [record.id]
        await restore(new.settings, record.id)
        return record.id

    record_id = asyncio.run(all_the_way())
    stored = r2.buckets[BUCKET].objects
    suffix = ".age" if sealed else ""
    assert set(stored) == {
        f"menuvo/{record_id}/{name}"
        for name in (f"{DUMP}{suffix}", f"{GLOBALS}{suffix}", RECORD, MANIFEST)
    }
    dump = stored[f"menuvo/{record_id}/{DUMP}{suffix}"]
    assert len(dump.content) > 16 * MEBIBYTE
    assert dump.etag.endswith('-3"')
    # Whether the proof is there already is asked once, and it is not.
    assert r2.refused == ["NoSuchKey"]
    assert r2.buckets[BUCKET].uploads == {}
