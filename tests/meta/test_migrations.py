"""Every migration must be one that the release still running can live with."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command

from menuvo_platform.db.migrate import STATEMENT_TIMEOUT
from menuvo_platform.db.migration_steps import PATIENCE, alembic_config
from menuvo_platform.db.revisions import VERSIONS, Revision, read_revisions
from menuvo_platform.db.schema import HEAD, OLDEST
from tests.menuvo_platform.db.steps import add_step, copy_versions
from tests.meta.compatibility import find_breaks, find_unrepeatable

REVISIONS = read_revisions()
SQUAWK = Path(sys.executable).parent / "squawk"
ALEMBICS_OWN = re.compile(r"CREATE TABLE alembic_version.*?;", re.DOTALL)
# What squawk says about clients and not about locks: a contract step may do it.
CLIENTS_RULES = (
    "ban-drop-column,ban-drop-table,ban-drop-constraint,ban-drop-function,ban-drop-view,"
    "renaming-column,renaming-table,adding-required-field"
)


def generated_sql(step: Revision, versions: Path = VERSIONS) -> str:
    """What this one step does."""
    output = io.StringIO()
    config = alembic_config(versions)
    config.output_buffer = output
    before = max(
        (one.number for one in read_revisions(versions) if one.number < step.number), default=None
    )
    command.upgrade(config, f"{before}:{step.number}" if before else step.number, sql=True)
    return ALEMBICS_OWN.sub("", output.getvalue())


def squawk(sql: str, folder: Path, *, contract: bool = False) -> str:
    """What it found; empty when nothing."""
    # `migrate` sets both for its connection; here squawk has to see it.
    timeouts = (
        f"SET lock_timeout = '{PATIENCE.lock:g}s'; SET statement_timeout = '{STATEMENT_TIMEOUT}';"
    )
    script = folder / "step.sql"
    script.write_text(timeouts + sql)
    excluded = [f"--exclude={CLIENTS_RULES}"] if contract else []
    done = subprocess.run(
        [SQUAWK, "--pg-version=15", "--reporter=gcc", *excluded, script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == (done.stdout == ""), done.stderr
    return done.stdout


def judge(step: Revision, folder: Path, versions: Path = VERSIONS) -> list[str]:
    """Why this step must not be released as it is; empty when nothing speaks against it."""
    sql = generated_sql(step, versions)
    contract = step.contract is not None
    breaks = [] if contract else find_breaks(sql)
    found = [*breaks, *find_unrepeatable(sql), *squawk(sql, folder, contract=contract).splitlines()]
    return [str(one) for one in found]


@pytest.mark.parametrize("step", REVISIONS, ids=str)
def test_the_release_that_runs_can_live_with_the_step(step: Revision, tmp_path: Path) -> None:
    assert judge(step, tmp_path) == []


def judge_new(
    tmp_path: Path, *statements: str, contract: str | None = None, alone: bool = False
) -> str:
    versions = copy_versions(tmp_path / "versions")
    add_step(versions, "newest", *statements, contract=contract, alone=alone)
    return "\n".join(judge(read_revisions(versions)[-1], tmp_path, versions))


def test_a_step_that_takes_away_what_older_releases_use_is_refused_unless_it_is_marked(
    tmp_path: Path,
) -> None:
    taking = "ALTER TABLE orders DROP COLUMN IF EXISTS note"
    told = judge_new(tmp_path / "plain", taking)
    assert f"the running release may read and write the column: {taking}" in told
    assert "ban-drop-column" in told
    assert judge_new(tmp_path / "marked", taking, contract=HEAD) == ""


def test_a_mark_excuses_no_step_that_blocks_everybody(tmp_path: Path) -> None:
    blocking = "ALTER TABLE orders ALTER COLUMN note TYPE varchar(10)"
    assert "changing-column-type" in judge_new(tmp_path, blocking, contract=HEAD)


def test_an_index_that_is_built_beside_the_work_can_be_built_again(tmp_path: Path) -> None:
    drop = "DROP INDEX CONCURRENTLY IF EXISTS orders_note_idx"
    create = "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_note_idx ON orders (note)"
    column = "ALTER TABLE orders ADD COLUMN IF NOT EXISTS tip_cents bigint"
    assert judge_new(tmp_path / "repeatable", drop, create, alone=True) == ""
    assert "leaves an invalid index" in judge_new(tmp_path / "once", create, alone=True)
    assert f"does only that: {column}" in judge_new(
        tmp_path / "mixed", column, drop, create, alone=True
    )


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DROP TABLE carts", "may use the table"),
        ("DROP FUNCTION find_store(text)", "may use the function"),
        ("DROP VIEW public.menus", "may use the view"),
        ("DROP INDEX orders_open_idx", "may use the index"),
        ("DROP TRIGGER raise_menu_revision ON stores", "may use the trigger"),
        ("DROP POLICY tenant ON carts", "may use the policy"),
        ("DROP TYPE mood", "may use the type"),
        ("ALTER TABLE carts RENAME TO baskets", "uses the old name"),
        ("ALTER TABLE carts RENAME COLUMN lines TO rows", "uses the old name"),
        ("ALTER FUNCTION find_store(text) RENAME TO seek_store", "uses the old name"),
        ("ALTER TABLE carts ALTER COLUMN version TYPE integer", "expects the type"),
        ("ALTER TABLE carts ALTER COLUMN token SET NOT NULL", "may leave the column empty"),
        ("ALTER TABLE carts ALTER COLUMN token DROP NOT NULL", "may read a NULL"),
        ("ALTER TABLE carts ALTER COLUMN version DROP DEFAULT", "may rely on the default"),
        ("ALTER TABLE carts ADD COLUMN mood text NOT NULL", "has no default"),
        ("ALTER TABLE carts ADD COLUMN mood text DEFAULT 'glad' UNIQUE", "the second write"),
        ("ALTER TABLE carts ADD COLUMN mood bigint CHECK (mood > version)", "other columns"),
        ("ALTER TABLE carts ADD CHECK (version > 0) NOT VALID", "may violate the constraint"),
        ("ALTER TABLE carts ADD UNIQUE (updated_at)", "may violate the constraint"),
        (
            "ALTER TABLE orders ADD FOREIGN KEY (quote_id) REFERENCES quotes NOT VALID",
            "may violate the constraint",
        ),
        ("ALTER TABLE carts ADD COLUMN mood text, DROP COLUMN lines", "read and write the column"),
        ("ALTER TABLE orders DROP CONSTRAINT orders_quote_id_key", "as ON CONFLICT does"),
        ("ALTER TABLE users ENABLE ROW LEVEL SECURITY", "may see no row"),
        ("CREATE UNIQUE INDEX carts_age_idx ON carts (updated_at)", "violate the unique index"),
        (
            "CREATE TRIGGER stop BEFORE INSERT ON carts FOR EACH ROW EXECUTE FUNCTION stop()",
            "refused or changed by the trigger",
        ),
        ("CREATE POLICY narrow ON carts AS RESTRICTIVE USING (false)", "which rows"),
        (
            "CREATE OR REPLACE FUNCTION list_public_stores() RETURNS text AS 'SELECT 1'",
            "calls the function",
        ),
        ("CREATE OR REPLACE VIEW menus AS SELECT 1", "reads the view"),
        ("REVOKE INSERT ON carts FROM menuvo_app", "may need the right"),
        ("REVOKE EXECUTE ON FUNCTION find_store FROM menuvo_app", "may need the right"),
        ("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM menuvo_app", "may need the right"),
        ("DELETE FROM carts", "may show or need the rows"),
        ("TRUNCATE carts", "may show or need the rows"),
        ("DO $$ BEGIN DROP TABLE carts; END $$", "nothing is known"),
        ("CREATE RULE nothing AS ON INSERT TO carts DO INSTEAD NOTHING", "nothing is known"),
        ("ALTER TABLE carts OWNER TO menuvo_app", "nothing is known"),
        ("ALTER ROLE menuvo_app NOLOGIN", "nothing is known"),
        ("ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM menuvo_app", "nothing is known"),
    ],
)
def test_what_an_older_release_cannot_live_with_is_found(statement: str, reason: str) -> None:
    [found] = find_breaks(f"CREATE TABLE wishes (id uuid PRIMARY KEY); {statement};")
    assert reason in found.reason
    assert found.statement == statement


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE carts ADD COLUMN mood text",
        "ALTER TABLE carts ADD COLUMN mood text NOT NULL DEFAULT 'glad' CHECK (mood <> '')",
        "ALTER TABLE carts ADD COLUMN mood text UNIQUE",
        "ALTER TABLE carts ALTER COLUMN version SET DEFAULT 2",
        "ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check",
        "CREATE INDEX carts_age_idx ON carts (updated_at)",
        "CREATE FUNCTION stop() RETURNS text LANGUAGE sql AS 'SELECT 1'",
        "GRANT SELECT ON carts TO menuvo_app",
        "UPDATE carts SET version = 1",
        "COMMENT ON TABLE carts IS 'of guests'",
    ],
)
def test_what_only_adds_is_left_in_peace(statement: str) -> None:
    assert find_breaks(statement) == []


def test_what_a_step_has_made_itself_it_may_change() -> None:
    made = """
        CREATE TABLE moods (id uuid PRIMARY KEY, name text);
        ALTER TABLE moods ALTER COLUMN name SET NOT NULL;
        ALTER TABLE moods ENABLE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON moods USING (true);
        CREATE UNIQUE INDEX moods_name_idx ON moods (name);
        CREATE FUNCTION find_mood() RETURNS text LANGUAGE sql AS 'SELECT 1';
        REVOKE ALL ON FUNCTION find_mood FROM PUBLIC;
        CREATE TRIGGER watch AFTER INSERT ON moods EXECUTE FUNCTION find_mood();
        DELETE FROM moods;
    """
    assert find_breaks(made) == []


def test_a_table_that_may_have_been_there_is_not_taken_for_the_steps_own() -> None:
    assert find_breaks("CREATE TABLE IF NOT EXISTS carts (id uuid); DROP TABLE carts") != []


def test_revisions_are_numbered_in_order_and_the_last_is_the_head_that_the_code_names() -> None:
    numbers = [step.number for step in REVISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert numbers[-1] == HEAD
    assert OLDEST in numbers
