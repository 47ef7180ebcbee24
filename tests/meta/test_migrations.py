"""Every migration must be one that the release still running can live with."""

import io
import re
import subprocess
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

from menuvo_platform.db import migrations
from menuvo_platform.db.migrate import STATEMENT_TIMEOUT
from menuvo_platform.db.migration_steps import PATIENCE
from menuvo_platform.db.schema import HEAD, OLDEST

MIGRATIONS = Path(str(migrations.__file__)).parent
SQUAWK = Path(sys.executable).parent / "squawk"
ALEMBICS_OWN = re.compile(r"CREATE TABLE alembic_version.*?;", re.DOTALL)


def generated_sql() -> str:
    output = io.StringIO()
    config = Config(output_buffer=output)
    config.set_main_option("script_location", str(MIGRATIONS))
    command.upgrade(config, "head", sql=True)
    # `migrate` sets both for its connection; here squawk has to see it.
    timeouts = (
        f"SET lock_timeout = '{PATIENCE.lock:g}s'; SET statement_timeout = '{STATEMENT_TIMEOUT}';"
    )
    return timeouts + ALEMBICS_OWN.sub("", output.getvalue())


def squawk(sql: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = folder / "migrations.sql"
    script.write_text(sql)
    return subprocess.run(
        [SQUAWK, "--pg-version=15", "--reporter=gcc", script],
        capture_output=True,
        text=True,
        check=False,
    )


def test_squawk_finds_nothing_in_the_migrations(tmp_path: Path) -> None:
    found = squawk(generated_sql(), tmp_path)
    assert (found.returncode, found.stdout) == (0, "")


def test_squawk_would_find_a_step_that_blocks_everybody(tmp_path: Path) -> None:
    blocking = "ALTER TABLE orders ALTER COLUMN note TYPE varchar(10);"
    found = squawk(generated_sql() + blocking, tmp_path)
    assert found.returncode != 0


def test_revisions_are_numbered_in_order_and_the_last_is_the_head_that_the_code_names() -> None:
    numbers = [path.name[:4] for path in sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert numbers[-1] == HEAD
    assert OLDEST in numbers
