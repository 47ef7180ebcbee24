"""What a rollout asks the database, as its owner, inside its container."""

from collections.abc import Sequence

from menuvo_ops.errors import CommandFailed, ServiceFailed
from menuvo_ops.rollout.containers import Container
from menuvo_ops.rollout.scene import Scene
from menuvo_ops.rollout.stack import Stack

_REVISION = (
    "SELECT CASE WHEN to_regclass('alembic_version') IS NULL THEN ''"
    " ELSE (xpath('/row/version_num/text()', query_to_xml("
    "'SELECT version_num FROM alembic_version', true, true, '')))[1]::text END"
)

_PSQL = (
    *("psql", "--username=menuvo", "--no-align", "--tuples-only"),
    *("--no-psqlrc", "--set=ON_ERROR_STOP=1"),
)


def revision(scene: Scene) -> str | None:
    """At which the schema is; None for an empty database."""
    return revision_in(scene.stack, scene.container("postgres"))


def revision_in(stack: Stack, postgres: Container) -> str | None:
    try:
        return ask(stack, postgres, _REVISION) or None
    except CommandFailed as failure:
        raise ServiceFailed(
            "The database cannot be asked for its schema.", hint=failure.hint
        ) from failure


def ask(stack: Stack, postgres: Container, statement: str, *, database: str = "menuvo") -> str:
    argv = [*_PSQL, f"--dbname={database}", "--command", statement]
    return stack.execute(postgres, argv).strip()


def order(stack: Stack, postgres: Container, statements: Sequence[str]) -> None:
    """All of them or none. They may hold what nobody else is to see."""
    argv = [*_PSQL, "--dbname=menuvo", "--quiet", "--single-transaction"]
    try:
        stack.execute_typed(postgres, argv, ";\n".join([*statements, ""]))
    except CommandFailed as failure:
        raise ServiceFailed(
            "The database refused a change of its logins.", hint=failure.hint
        ) from failure
