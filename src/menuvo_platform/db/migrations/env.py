"""Alembic's entry: runs on the connection that db.migrate opened, or prints SQL."""

from typing import cast

from alembic import context
from sqlalchemy import Connection

connection = cast("Connection | None", context.config.attributes.get("connection"))

if connection is None:
    context.configure(dialect_name="postgresql", literal_binds=True)
else:
    context.configure(connection=connection, transaction_per_migration=True)

with context.begin_transaction():
    context.run_migrations()
