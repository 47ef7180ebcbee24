"""What benchmarks and backups are filled with is what the platform itself would have written."""

from collections.abc import AsyncGenerator
from datetime import date, timedelta
from itertools import pairwise

import asyncpg
import msgspec
import pytest

from menuvo_platform.clock import utc_now
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.menus.service import read_items, read_menu
from menuvo_platform.money import taxes
from menuvo_platform.orders.pricing import price
from menuvo_platform.orders.schemas import OrderedModifier, Reader, choose
from menuvo_platform.orders.states import MOVES
from menuvo_platform.orders.tracking import get_tracked_order
from menuvo_platform.stores.service import get_store_by_slug, take_turn
from tests.conftest import Database
from tests.restaurants.demo import make_demo
from tests.restaurants.filling import DAYS, PER_DAY, orders_of, scripts

MEGABYTES = 20
UNTIL = date(2026, 11, 25)
SLUG = "gasthaus-lindenhof"
SIZE = "SELECT pg_database_size(current_database()) AS bytes"


@pytest.fixture(scope="module")
async def owner(database: Database, owner_sessions: Sessions) -> AsyncGenerator[asyncpg.Connection]:
    await make_demo(owner_sessions)
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def grown(owner: asyncpg.Connection) -> float:
    """By how many megabytes."""
    [before] = await owner.fetch(SIZE)
    for script in scripts(MEGABYTES, UNTIL):
        await owner.execute(script)
    [after] = await owner.fetch(SIZE)
    return (after["bytes"] - before["bytes"]) / 1_000_000


async def test_it_is_as_large_as_was_asked_for(grown: float, owner: asyncpg.Connection) -> None:
    assert 0.85 * MEGABYTES < grown < 1.15 * MEGABYTES
    assert await owner.fetchval("SELECT count(*) FROM orders") == orders_of(MEGABYTES)


async def test_each_restaurant_has_the_menu_of_the_first_and_orders_of_its_own(
    grown: float, sessions: Sessions
) -> None:
    first = await menu_of(sessions, SLUG)
    assert len(first) > 70
    assert await menu_of(sessions, f"{SLUG}-1") == await menu_of(sessions, f"{SLUG}-2") == first


async def menu_of(sessions: Sessions, slug: str) -> list[tuple[str, int, int]]:
    async with transaction(sessions) as session:
        store = await get_store_by_slug(session, slug, utc_now())
        menu = await read_menu(session, store.id)
        items = [item for category in menu.categories for item in category.items]
        return [(item.name["de"], item.price_cents, len(item.groups)) for item in items]


async def test_orders_read_as_if_guests_had_placed_them(
    grown: float, sessions: Sessions, owner: asyncpg.Connection
) -> None:
    tokens = await owner.fetch(
        "SELECT tracking_token FROM orders JOIN stores ON stores.id = store_id "
        "WHERE slug = $1 ORDER BY placed_at LIMIT 300",
        f"{SLUG}-2",
    )
    two_rates = 0
    async with transaction(sessions) as session:
        store = await get_store_by_slug(session, f"{SLUG}-2", utc_now())
        for row in tokens:
            order = await get_tracked_order(session, store.id, row["tracking_token"])
            assert order.goods_cents == sum(line.total_cents for line in order.lines) > 0
            gross = [(tax.rate_basis_points, tax.gross_cents) for tax in order.taxes]
            assert order.taxes == taxes(gross)
            assert sum(tax.gross_cents for tax in order.taxes) == order.total_cents
            states = [event.to_state for event in order.events]
            assert all(step in MOVES for step in pairwise(states))
            assert states[-1] == order.state in {"completed", "cancelled"}
            two_rates += len(order.taxes) == 2
    assert 50 < two_rates < 290


async def test_lines_cost_what_the_price_engine_says(
    grown: float, sessions: Sessions, owner: asyncpg.Connection
) -> None:
    lines = await owner.fetch(
        "SELECT order_lines.*, handle, language FROM order_lines "
        "JOIN menu_items ON menu_items.id = item_id JOIN orders ON orders.id = order_id "
        "WHERE modifiers <> '[]' ORDER BY order_lines.id LIMIT 500"
    )
    assert len(lines) == 500
    async with transaction(sessions) as session:
        store = await get_store_by_slug(session, f"{SLUG}-1", utc_now())
        items = await read_items(session, store.id, {line["handle"] for line in lines})
        for line in (line for line in lines if line["handle"] in items):
            modifiers = msgspec.json.decode(line["modifiers"], type=list[OrderedModifier])
            choice = choose(line["handle"], [modifier.handle for modifier in modifiers])
            reader = Reader(line["language"], store.languages)
            priced = price(choice, items, reader=reader, now=utc_now()).line
            assert priced
            assert (priced.name, priced.unit_cents) == (line["name"], line["unit_cents"])
            assert [(one.name, one.price_cents, one.tax_category) for one in priced.modifiers] == [
                (one.name, one.price_cents, one.tax_category) for one in modifiers
            ]
            assert set(priced.allergens) == set(line["allergens"])


async def test_the_next_order_follows_those(grown: float, sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        store = await get_store_by_slug(session, f"{SLUG}-1", utc_now())
        turn = await take_turn(session, store.id, business_day=UNTIL - timedelta(days=1))
    assert turn.number == PER_DAY + 1
    assert turn.revision == 4 * PER_DAY * DAYS + 1
