from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from menuvo_platform.db.engine import create_engine
from menuvo_platform.db.migrate import migrate
from menuvo_platform.db.schema import HEAD, runs_on
from menuvo_platform.models import METADATA
from tests.conftest import APP_PASSWORD, Database


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


def test_a_newer_schema_is_accepted_and_an_older_or_missing_one_is_not() -> None:
    assert runs_on(HEAD)
    assert runs_on("9999")
    assert not runs_on("0000")
    assert not runs_on(None)
