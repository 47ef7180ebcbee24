import asyncio
import uuid
from typing import ClassVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.errors import DomainError, Invalid
from menuvo_platform.imports import queries
from menuvo_platform.imports.addresses import file_key
from menuvo_platform.imports.proposals import read_menu
from menuvo_platform.jobs.kinds import JobKind
from menuvo_platform.jobs.running import RunningJob


class MenuNotRead(Invalid):
    """We gave up, and whether it was the file's fault nobody knows."""

    code: ClassVar[str] = "import.not_read"


class ExtractMenu(msgspec.Struct, frozen=True):
    import_id: uuid.UUID


async def extract_menu(job: RunningJob, payload: ExtractMenu) -> None:
    """Reads the file into rows for review. A file that cannot be read fails with its code."""
    async with job.transaction() as session:
        if not await queries.begin_extraction(session, payload.import_id):
            return
    content = await job.storage.get(file_key(job.merchant_id, payload.import_id))
    try:
        # In a thread, so that the lease is renewed meanwhile.
        rows = await asyncio.to_thread(read_menu, content)
    except DomainError as error:
        async with job.finishing() as session:
            await queries.fail_extraction(
                session, payload.import_id, error_code=error.code, error_facts=error.facts
            )
        return
    async with job.finishing() as session:
        await queries.finish_extraction(session, payload.import_id, job.merchant_id, rows=rows)


async def give_up_extraction(session: AsyncSession, payload: ExtractMenu) -> None:
    await queries.fail_extraction(
        session, payload.import_id, error_code=MenuNotRead.code, error_facts={}
    )


EXTRACT = JobKind(
    "imports.extract", "imports", ExtractMenu, extract_menu, on_shelved=give_up_extraction
)
KINDS = (EXTRACT,)
