"""Steps that the product does not have, in a folder of their own behind those that it has."""

import shutil
from pathlib import Path

import asyncpg

from menuvo_platform.db.revisions import VERSIONS, read_revisions

NEXT, AFTER_NEXT, THIRD = (
    f"{int(read_revisions()[-1].number) + distance:04}" for distance in (1, 2, 3)
)


def copy_versions(into: Path) -> Path:
    into.mkdir(parents=True)
    for step in VERSIONS.glob("[0-9]*.py"):
        shutil.copy2(step, into)
    return into


def add_step(
    versions: Path, name: str, *statements: str, contract: str | None = None, alone: bool = False
) -> str:
    """Writes the next step; `alone` is for statements that no transaction may hold."""
    last = max(path.name[:4] for path in versions.glob("[0-9]*.py"))
    number = f"{int(last) + 1:04}"
    lines = [
        f'"""A step of the tests: {name}."""',
        "from alembic import op",
        f'revision = "{number}"',
        f'down_revision = "{last}"',
        f'CONTRACT = "{contract}"' if contract else "",
        "def upgrade() -> None:",
        "    with op.get_context().autocommit_block():" if alone else "    if True:",
        *(f"        op.execute({statement!r})" for statement in statements),
    ]
    (versions / f"{number}_{name}.py").write_text("\n".join(lines) + "\n")
    return number


async def look(url: str, query: str) -> object:
    """One value, as somebody sees it who has nothing to do with the migration."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def revision(url: str) -> object:
    return await look(url, "SELECT version_num FROM alembic_version")


async def has_column(url: str, table: str, column: str) -> object:
    return await look(
        url,
        "SELECT EXISTS (SELECT FROM information_schema.columns"
        f" WHERE table_name = '{table}' AND column_name = '{column}')",
    )


def copy_code(folder: Path) -> tuple[Path, Path]:
    """The platform's own code, to be put on PYTHONPATH, and the folder of its steps therein."""
    package = VERSIONS.parents[2]
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder, folder / package.name / VERSIONS.relative_to(package)
