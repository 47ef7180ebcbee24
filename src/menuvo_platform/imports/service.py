import re
import uuid
from pathlib import PurePosixPath
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.adapters.storage import Storage
from menuvo_platform.db.session import scope_of
from menuvo_platform.errors import Invalid, TooLarge
from menuvo_platform.ids import new_id
from menuvo_platform.imports import queries
from menuvo_platform.imports.addresses import file_key
from menuvo_platform.imports.jobs import EXTRACT, ExtractMenu
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.service import add_job
from menuvo_platform.stores.service import StoreUnknown

MAX_BYTES = 25 * 1024 * 1024
LONGEST_FILE_NAME = 200


class ImportTooLarge(TooLarge):
    code: ClassVar[str] = "import.too_large"


class WrongFileType(Invalid):
    code: ClassVar[str] = "import.wrong_type"


class EmptyFile(Invalid):
    code: ClassVar[str] = "import.empty"


async def store_menu_file(
    session: AsyncSession,
    bell: Doorbell,
    storage: Storage,
    *,
    store_id: uuid.UUID,
    user_id: uuid.UUID | None,
    file_name: str,
    content: bytes,
) -> uuid.UUID:
    """Keeps the file and has it read into rows for review; returns the import.

    Raises ImportTooLarge, WrongFileType, EmptyFile, StoreUnknown. What only reading can find makes
    the import `failed`, with the code of the error and its facts.
    """
    name = clean_file_name(file_name)
    if len(content) > MAX_BYTES:
        raise ImportTooLarge(megabytes=MAX_BYTES // 1024**2)
    if not name.lower().endswith(".csv"):
        raise WrongFileType
    if not content.strip():
        raise EmptyFile
    import_id = new_id()
    # The object comes first: a row without it would be an import that can never be read.
    await storage.put(file_key(scope_of(session), import_id), content)
    if not await queries.insert_import(
        session,
        import_id,
        store_id=store_id,
        user_id=user_id,
        file_name=name,
        size_bytes=len(content),
    ):
        raise StoreUnknown
    await add_job(session, bell, EXTRACT, ExtractMenu(import_id), dedupe_key=str(import_id))
    return import_id


def clean_file_name(name: str) -> str:
    """What is shown of the name that a browser sent: its last part, without control characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return re.sub(r"[\x00-\x1f\x7f]", "", last)[-LONGEST_FILE_NAME:]
