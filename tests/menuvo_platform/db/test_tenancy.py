"""Row-level security, as the role menuvo_app: a forgotten filter leaks nothing."""

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from menuvo_platform.db.session import Sessions, enter_scope, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.merchants.models import Merchant
from menuvo_platform.stores.models import Store
from tests.menuvo_platform import rows


async def test_a_query_without_a_filter_sees_one_merchant_only(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    await rows.add_store(owner_sessions)
    async with transaction(sessions, ours.merchant_id) as session:
        assert (await session.scalars(select(Store.id))).all() == [ours.id]
        assert (await session.scalars(select(Merchant.id))).all() == [ours.merchant_id]


async def test_without_a_scope_nothing_is_seen(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    await rows.add_store(owner_sessions)
    async with transaction(sessions) as session:
        for table in ("merchants", "stores", "orders", "jobs", "memberships"):
            assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


async def test_the_scope_ends_with_its_session_although_the_connection_is_reused(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    for _ in range(20):
        async with transaction(sessions, ours.merchant_id) as session:
            assert await session.scalar(select(func.count(Store.id))) == 1
        async with transaction(sessions) as session:
            assert await session.scalar(select(func.count(Store.id))) == 0


async def test_entering_a_scope_in_mid_transaction_works_at_once(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    async with transaction(sessions) as session:
        assert await session.scalar(select(func.count(Store.id))) == 0
        await enter_scope(session, ours.merchant_id)
        assert await session.scalar(select(func.count(Store.id))) == 1


async def test_another_merchants_rows_cannot_be_written(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours, theirs = await rows.add_store(owner_sessions), await rows.add_store(owner_sessions)
    async with transaction(sessions, ours.merchant_id) as session:
        changed = await session.execute(
            update(Store).where(Store.id == theirs.id).values(name="taken").returning(Store.id)
        )
        assert changed.all() == []
    with pytest.raises(DBAPIError, match="row-level security"):
        async with transaction(sessions, ours.merchant_id) as session:
            await session.execute(
                insert(Store).values(
                    rows.store_values(theirs.merchant_id, slug=f"s-{new_id().hex}")
                )
            )


async def test_the_application_cannot_change_history(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    for table in ("order_events", "audit_entries", "order_taxes", "order_lines"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with transaction(sessions, ours.merchant_id) as session:
                await session.execute(text(f"DELETE FROM {table}"))


async def test_every_table_is_a_tenants_or_named_as_shared(owner_sessions: Sessions) -> None:
    shared = {"users", "logins", "throttles", "alembic_version"}
    async with transaction(owner_sessions) as session:
        found = await session.execute(
            text(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
                " 'public'::regnamespace AND NOT relrowsecurity"
            )
        )
        assert set(found.scalars()) == shared


async def test_the_doors_through_row_level_security_are_these(owner_sessions: Sessions) -> None:
    async with transaction(owner_sessions) as session:
        found = await session.execute(
            text(
                "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace ="
                " 'public'::regnamespace"
            )
        )
        assert set(found.scalars()) == {
            "claim_jobs",
            "find_service_point",
            "find_store",
            "forget_guests",
            "list_dead_jobs",
            "list_memberships",
            "list_public_stores",
            "menu_revisions",
            "queue_depths",
            "sweep_jobs",
            "sweep_request_keys",
        }
