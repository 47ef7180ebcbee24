"""What a database server must have before the schema can name it: the role of the application, and
the collation of names."""

from typing import cast

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from menuvo_platform.db.migrations.tenancy import APP_ROLE
from menuvo_platform.db.schema import NAME_ORDER


async def ensure_app_role(connection: AsyncConnection, user: str, password: str) -> None:
    """`user` is who logs in: the role itself, or another one that has just its rights. The role's
    own password is nobody's business then: others may still log in with it."""
    async with connection.begin():
        for role in dict.fromkeys((APP_ROLE, user)):
            roles = await connection.execute(
                text("SELECT rolname FROM pg_roles WHERE rolname = :name"), {"name": role}
            )
            if roles.first() is None:
                await connection.execute(text(f"CREATE ROLE {role} NOLOGIN"))
        if user != APP_ROLE:
            await connection.execute(text(f"GRANT {APP_ROLE} TO {user}"))
        # The password is data, but ALTER ROLE takes no parameter: let the server quote it.
        quoted = await connection.execute(
            text(
                "SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB"
                " NOCREATEROLE PASSWORD %L', CAST(:name AS text), CAST(:password AS text))"
            ),
            {"name": user, "password": password},
        )
        await connection.exec_driver_sql(cast("str", quoted.scalar_one()))
        await connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}"))


async def ensure_name_order(connection: AsyncConnection) -> None:
    """A PostgreSQL built without ICU gets a collation of ICU's name, by code points.

    Where ICU is, its own stands in pg_catalog and is found first. This depends on the server and
    not on the schema, so it is no revision: a database restored elsewhere is asked anew.
    """
    async with connection.begin():
        known = await connection.execute(
            text("SELECT count(*) FROM pg_collation WHERE collname = :name"), {"name": NAME_ORDER}
        )
        if not known.scalar_one():
            await connection.execute(
                text(
                    f'CREATE COLLATION public."{NAME_ORDER}"'
                    " (provider = libc, locale = 'C.UTF-8')"
                )
            )
