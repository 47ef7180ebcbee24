import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.ids import new_id
from menuvo_platform.imports.models import UNFINISHED, ImportedRow, MenuImport
from menuvo_platform.imports.proposals import ProposedRow
from menuvo_platform.stores.models import Store

BEGINNABLE = (*UNFINISHED, "failed")


async def insert_import(
    session: AsyncSession,
    import_id: uuid.UUID,
    *,
    store_id: uuid.UUID,
    user_id: uuid.UUID | None,
    file_name: str,
    size_bytes: int,
) -> bool:
    """False when the merchant in scope has no such store; a foreign key would not see that."""
    values = select(
        literal(import_id, UUID()),
        Store.merchant_id,
        Store.id,
        literal(user_id, UUID()),
        literal("csv"),
        literal(file_name),
        literal(size_bytes),
    ).where(Store.id == store_id)
    columns = ["id", "merchant_id", "store_id", "user_id", "kind", "file_name", "bytes"]
    statement = insert(MenuImport).from_select(columns, values).returning(MenuImport.id)
    return await session.scalar(statement) is not None


async def list_unread(session: AsyncSession) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Merchant and id of every import whose file is still needed, as far as the session sees."""
    statement = select(MenuImport.merchant_id, MenuImport.id).where(
        MenuImport.state.in_(BEGINNABLE)
    )
    return [(merchant_id, import_id) for merchant_id, import_id in await session.execute(statement)]


async def begin_extraction(session: AsyncSession, import_id: uuid.UUID) -> bool:
    """False when it is finished or discarded, and nothing is left to do.

    One that failed is begun anew: its job only comes back when the operator has it tried again.
    """
    return await _move(
        session, import_id, "extracting", since=BEGINNABLE, error_code="", error_facts={}
    )


async def finish_extraction(
    session: AsyncSession,
    import_id: uuid.UUID,
    merchant_id: uuid.UUID,
    *,
    rows: Sequence[ProposedRow],
) -> None:
    """Replaces the rows of an import that nobody has discarded meanwhile."""
    if not await _move(session, import_id, "review"):
        return
    await session.execute(delete(ImportedRow).where(ImportedRow.import_id == import_id))
    if rows:
        await session.execute(
            insert(ImportedRow),
            [
                {
                    "id": new_id(),
                    "merchant_id": merchant_id,
                    "import_id": import_id,
                    "position": position,
                    "source_line": row.line,
                    "category": row.category,
                    "name": row.name,
                    "description": row.description,
                    "price_cents": row.price_cents,
                    "problems": row.problems,
                    "source": row.source,
                }
                for position, row in enumerate(rows)
            ],
        )


async def fail_extraction(
    session: AsyncSession,
    import_id: uuid.UUID,
    *,
    error_code: str,
    error_facts: Mapping[str, str | int],
) -> None:
    await _move(session, import_id, "failed", error_code=error_code, error_facts=dict(error_facts))


async def _move(
    session: AsyncSession,
    import_id: uuid.UUID,
    state: str,
    *,
    since: Sequence[str] = UNFINISHED,
    **values: object,
) -> bool:
    moved = await session.scalar(
        update(MenuImport)
        .where(MenuImport.id == import_id, MenuImport.state.in_(since))
        .values(state=state, **values)
        .returning(MenuImport.id)
    )
    return moved is not None
