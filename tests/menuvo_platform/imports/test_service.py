"""From the uploaded file to rows for review, with the worker that reads them."""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import text

from menuvo_ops.local.redis import RedisServer
from menuvo_platform.adapters.storage import Storage, local_storage
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.imports.addresses import file_key
from menuvo_platform.imports.jobs import KINDS
from menuvo_platform.imports.service import (
    MAX_BYTES,
    EmptyFile,
    ImportTooLarge,
    WrongFileType,
    clean_file_name,
    store_menu_file,
)
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.service import list_dead_jobs, retry_dead_job
from menuvo_platform.jobs.worker import Worker
from menuvo_platform.stores.service import StoreUnknown
from tests.menuvo_platform import rows
from tests.menuvo_platform.imports.reading import (
    ImportedLine,
    ImportState,
    find_import,
    list_imported_lines,
)
from tests.menuvo_platform.jobs.work import bell_at, eventually, states, use_up_attempts

MENU = 'Kategorie;Gericht;Preis\r\nSuppen;"Flädlesuppe";5,90\r\nSuppen;;4,50\r\n'.encode("latin-1")


class Desk:
    """The imports of one store, and the worker."""

    def __init__(
        self, sessions: Sessions, bell: Doorbell, storage: Storage, store: rows.StoreRow
    ) -> None:
        self.sessions = sessions
        self.bell = bell
        self.storage = storage
        self.store = store

    async def upload(self, content: bytes, file_name: str = "karte.csv") -> uuid.UUID:
        async with transaction(self.sessions, self.store.merchant_id) as session:
            return await store_menu_file(
                session,
                self.bell,
                self.storage,
                store_id=self.store.id,
                user_id=None,
                file_name=file_name,
                content=content,
            )

    async def get(self, import_id: uuid.UUID) -> ImportState:
        async with transaction(self.sessions, self.store.merchant_id) as session:
            found = await find_import(session, import_id)
        assert found is not None
        return found

    async def lines(self, import_id: uuid.UUID) -> list[ImportedLine]:
        async with transaction(self.sessions, self.store.merchant_id) as session:
            return await list_imported_lines(session, import_id)

    async def execute(self, statement: str) -> None:
        async with transaction(self.sessions, self.store.merchant_id) as session:
            await session.execute(text(statement))

    async def work(self) -> None:
        """Until nothing is left to do."""
        stopping = asyncio.Event()
        worker = Worker(
            "imports", KINDS, sessions=self.sessions, storage=self.storage, bell=self.bell
        )

        async def idle() -> bool:
            found = await states(self.sessions, self.store.merchant_id)
            return not {"queued", "running"} & found.keys()

        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run(stopping))
            await eventually(idle)
            stopping.set()


@pytest.fixture
async def desk(
    sessions: Sessions, owner_sessions: Sessions, redis_server: RedisServer, tmp_path: Path
) -> AsyncGenerator[Desk]:
    store = await rows.add_store(owner_sessions)
    async with bell_at(redis_server.url()) as bell:
        yield Desk(sessions, bell, local_storage(tmp_path), store)


async def test_an_uploaded_menu_becomes_rows_for_review(desk: Desk) -> None:
    import_id = await desk.upload(MENU)
    assert (await desk.get(import_id)).state == "uploaded"
    assert await desk.storage.get(file_key(desk.store.merchant_id, import_id)) == MENU
    await desk.work()
    assert (await desk.get(import_id)).state == "review"
    soup, nameless = await desk.lines(import_id)
    assert (soup.name, soup.category, soup.price_cents) == ("Flädlesuppe", "Suppen", 590)
    assert (soup.source_line, soup.problems) == (2, [])
    assert nameless.problems == ["import.problem.name_missing"]
    assert nameless.source == {"Kategorie": "Suppen", "Gericht": "", "Preis": "4,50"}


async def test_reading_again_replaces_the_rows(desk: Desk) -> None:
    import_id = await desk.upload(MENU)
    await desk.work()
    before = await desk.lines(import_id)
    await desk.execute("UPDATE menu_imports SET state = 'extracting'")
    await desk.execute("UPDATE jobs SET state = 'queued', not_before = now()")
    await desk.work()
    assert await desk.lines(import_id) == before
    assert len(before) == 2


async def test_what_is_under_review_is_not_read_again(desk: Desk) -> None:
    import_id = await desk.upload(MENU)
    await desk.work()
    await desk.execute("UPDATE imported_rows SET name = 'corrected by hand'")
    await desk.execute("UPDATE jobs SET state = 'queued', not_before = now()")
    await desk.work()
    assert {line.name for line in await desk.lines(import_id)} == {"corrected by hand"}


async def test_a_discarded_import_stays_discarded(desk: Desk) -> None:
    import_id = await desk.upload(MENU)
    await desk.execute("UPDATE menu_imports SET state = 'discarded'")
    await desk.work()
    assert (await desk.get(import_id)).state == "discarded"
    assert await desk.lines(import_id) == []


@pytest.mark.parametrize(
    ("content", "code", "facts"),
    [
        (b"Suppe;4,50", "import.header_missing", {}),
        (b"PK\x03\x04\x00\x00", "import.not_text", {}),
        (b"Name;Preis\n" + b"Suppe;4,50\n" * 2001, "import.too_many_rows", {"rows": 2000}),
    ],
    ids=["no header", "not text", "too many rows"],
)
async def test_a_file_that_cannot_be_read_fails_with_its_code(
    desk: Desk, content: bytes, code: str, facts: dict[str, int]
) -> None:
    import_id = await desk.upload(content)
    await desk.work()
    failed = await desk.get(import_id)
    assert (failed.state, failed.error_code, failed.error_facts) == ("failed", code, facts)


async def test_a_menu_that_kills_every_worker_fails_and_is_read_when_it_is_tried_again(
    desk: Desk,
) -> None:
    import_id = await desk.upload(MENU)
    await desk.execute("UPDATE menu_imports SET state = 'extracting'")
    await use_up_attempts(desk.sessions, desk.store.merchant_id)
    await desk.work()
    failed = await desk.get(import_id)
    assert (failed.state, failed.error_code) == ("failed", "import.not_read")
    [dead] = [
        job
        for job in await list_dead_jobs(desk.sessions)
        if job.merchant_id == desk.store.merchant_id
    ]
    assert await retry_dead_job(desk.sessions, desk.bell, dead)
    await desk.work()
    read = await desk.get(import_id)
    assert (read.state, read.error_code) == ("review", "")


async def test_an_import_whose_file_is_lost_fails(desk: Desk) -> None:
    import_id = await desk.upload(MENU)
    await desk.storage.delete(file_key(desk.store.merchant_id, import_id))
    await desk.execute("UPDATE jobs SET attempts = 7")
    await desk.work()
    assert (await desk.get(import_id)).error_code == "import.not_read"


async def test_a_discarded_import_stays_so_when_its_job_is_set_aside(desk: Desk) -> None:
    import_id = await desk.upload(MENU)
    await desk.execute("UPDATE menu_imports SET state = 'discarded'")
    await use_up_attempts(desk.sessions, desk.store.merchant_id)
    await desk.work()
    assert (await desk.get(import_id)).state == "discarded"


@pytest.mark.parametrize(
    ("content", "file_name", "refusal"),
    [
        (MENU, "karte.xlsx", WrongFileType),
        (MENU, ".csv/karte", WrongFileType),
        (b" \r\n", "karte.csv", EmptyFile),
        (b"x" * (MAX_BYTES + 1), "karte.csv", ImportTooLarge),
    ],
    ids=["another type", "only its folder is csv", "empty", "too large"],
)
async def test_what_cannot_be_a_menu_is_refused_at_once(
    desk: Desk, content: bytes, file_name: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await desk.upload(content, file_name)
    assert await states(desk.sessions, desk.store.merchant_id) == {}


async def test_a_store_of_another_merchant_is_unknown(desk: Desk, owner_sessions: Sessions) -> None:
    theirs = await rows.add_store(owner_sessions)
    desk.store = rows.StoreRow(theirs.id, desk.store.merchant_id, theirs.slug)
    with pytest.raises(StoreUnknown):
        await desk.upload(MENU)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Karte.csv", "Karte.csv"),
        ("C:\\Users\\Paula\\Karte.csv", "Karte.csv"),
        ("../../etc/Karte.csv", "Karte.csv"),
        ("Ka\x00r\nte.csv", "Karte.csv"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
    ],
)
def test_the_name_of_a_file_is_shown_without_its_folder(sent: str, shown: str) -> None:
    assert clean_file_name(sent) == shown
