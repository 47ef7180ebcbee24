"""`./menuvo backup` and `./menuvo restore` on what `./menuvo up` runs, without any account."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Iterator

import asyncpg
import httpx
import pytest

from tests.menuvo_ops.waiting import eventually
from tests.system.clone import COMMAND_SECONDS, Stack
from tests.system.guests import DISH, guest

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'jobs'"
_HASH = "SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{table}\" t"
_AT_WORK = "SELECT count(*) FROM images WHERE state = 'processing'"


def ask(stack: Stack, question: str) -> list[str]:
    async def asked() -> list[str]:
        connection = await asyncpg.connect(stack.database_url)
        try:
            return [str(row[0]) for row in await connection.fetch(question)]
        finally:
            await connection.close()

    return asyncio.run(asked())


def contents(stack: Stack) -> dict[str, str]:
    """The hash of every table's rows, but of the ledger: workers write in it as they please."""
    return {table: ask(stack, _HASH.format(table=table))[0] for table in ask(stack, _TABLES)}


def place_order(stack: Stack) -> str:
    async def placed() -> str:
        someone = guest(stack.menu_url)
        async with someone.http:
            return await someone.order()

    return asyncio.run(placed())


def told(stack: Stack, *arguments: str, expected: int = 0) -> str:
    """What it says to a person, where nobody can be asked."""
    done = subprocess.run(
        [str(stack.root / "menuvo"), *arguments],
        cwd=stack.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    assert done.returncode == expected, done.stderr
    return done.stderr


def kept(stack: Stack) -> list[str]:
    return [name for name in ask(stack, "SELECT datname FROM pg_database") if kept_name(name)]


def kept_name(name: str) -> bool:
    return name.startswith(("menuvo_before_", "menuvo_undone_"))


@pytest.fixture
def forgotten(stack: Stack) -> Iterator[Stack]:
    """The stack that all tests share is left with the database that it had."""
    yield stack
    if any(name.startswith("menuvo_before_") for name in kept(stack)):
        told(stack, "restore", "--undo", "--yes")
    if kept(stack):
        told(stack, "restore", "--forget", "--yes")


def spoil(stack: Stack) -> None:
    ask(stack, "DELETE FROM item_modifier_groups RETURNING merchant_id::text")
    ask(stack, "UPDATE menu_items SET version = version + 1 RETURNING id::text")


@pytest.mark.core
@pytest.mark.timeout(600)
def test_a_backup_is_made_and_restored_and_taken_back(forgotten: Stack) -> None:
    stack = forgotten
    eventually(lambda: ask(stack, _AT_WORK) == ["0"], within=240)
    backed_up = contents(stack)
    assert "restored for trial" in told(stack, "backup", "now")
    [newest, *_] = json.loads(stack.menuvo("backup", "list", "--json"))
    assert newest["verified"]
    status = " ".join(stack.menuvo("status").split())
    rows = f"{newest['rows']:,} rows, only on this disk"
    assert f"{rows}, restored for trial from this disk in" in status
    assert stack.status()["last_backup"]["id"] == newest["id"]

    order = place_order(stack)
    spoil(stack)
    changed = contents(stack)
    assert {name for name in changed if changed[name] != backed_up[name]} >= {
        *("orders", "order_lines", "item_modifier_groups", "menu_items"),
    }
    assert "Nobody is there to ask." in told(stack, "restore", "latest", expected=2)
    assert contents(stack) == changed
    assert kept(stack) == []

    picture = next((stack.root / ".menuvo/storage/m").rglob("*.webp"))
    aside = picture.rename(picture.with_suffix(".aside"))
    said = told(stack, "restore", "latest", "--yes")
    aside.rename(picture)
    assert f"Backup {newest['id']} serves after" in said
    assert "1 order was placed since it began and is not in it" in said
    assert "pictures is not on this disk" in said
    assert contents(stack) == backed_up
    assert DISH in httpx.get(stack.menu_url).text
    assert httpx.get(order).status_code == 404

    told(stack, "restore", "--undo", "--yes")
    assert contents(stack) == changed
    assert httpx.get(order).status_code == 200
    assert stack.status()["state"] == "running"


def begun(stack: Stack, step: str) -> bool:
    journal = stack.root / ".menuvo/restore.jsonl"
    return journal.exists() and f'"step": "{step}"' in journal.read_text()


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        ("replace", "The database is as it was before."),
        ("migrate", "It serves already; ./menuvo restore --undo brings back what was before."),
    ],
)
def test_killed_in_the_middle_everything_runs_again_and_the_next_command_says_on_what(
    forgotten: Stack, step: str, outcome: str
) -> None:
    stack = forgotten
    told(stack, "backup", "now", "--no-verify")
    order = place_order(stack)
    with subprocess.Popen(
        [str(stack.root / "menuvo"), "restore", "latest", "--yes"],
        cwd=stack.root,
        stderr=subprocess.DEVNULL,
    ) as restore:
        eventually(lambda: begun(stack, step), within=60)
        os.kill(restore.pid, signal.SIGKILL)
    eventually(lambda: stack.status()["state"] == "running", within=60)
    assert outcome in told(stack, "up", "--detach")
    assert not (stack.root / ".menuvo/restore.jsonl").exists()
    if step == "migrate":
        assert httpx.get(order).status_code == 404
        told(stack, "restore", "--undo", "--yes")
    assert httpx.get(order).status_code == 200
    assert "menuvo_restoring" not in ask(stack, "SELECT datname FROM pg_database")
