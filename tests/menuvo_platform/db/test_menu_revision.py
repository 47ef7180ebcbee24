"""The schema itself raises a menu's revision; no code path can forget it."""

import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.demo.seed import seed
from menuvo_platform.settings import Redacted, Settings
from tests.conftest import Database

ON_THE_MENU = [
    "UPDATE menu_items SET price_cents = price_cents + 1",
    "UPDATE menu_items SET sold_out_since = now()",
    "UPDATE menu_items SET position = position WHERE position = 1",
    "UPDATE menu_categories SET active = false WHERE position = 1",
    "UPDATE modifier_groups SET max_choices = max_choices",
    "UPDATE modifiers SET price_cents = price_cents + 1",
    "DELETE FROM item_modifier_groups",
    "DELETE FROM opening_slots WHERE weekday = 3",
    "INSERT INTO special_days (id, merchant_id, store_id, day)"
    " SELECT gen_random_uuid(), merchant_id, id, current_date FROM stores",
    "UPDATE images SET state = 'ready'",
    "UPDATE images SET state = 'failed'",
    "UPDATE merchants SET allergen_scheme = 'at'",
    "UPDATE stores SET name = 'Lindenhof am Markt'",
    "UPDATE stores SET ordering_paused_until = now()",
]
NOT_ON_THE_MENU = [
    "UPDATE store_counters SET revision = revision + 1",
    "UPDATE service_points SET active = false",
    "UPDATE stores SET name = name",
    "UPDATE menu_items SET price_cents = 1 WHERE false",
    "UPDATE images SET state = 'processing'",
]


@pytest.fixture(scope="module", autouse=True)
async def demo(
    settings: Settings, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder: Path = tmp_path_factory.mktemp("storage")
    owner = replace(settings, database_url=Redacted(database.owner_url), storage_dir=folder)
    await seed(owner)


async def revision_after(sessions: Sessions, change: str) -> tuple[int, int]:
    """Before and after; changed as the application does, in the merchant's scope."""
    async with transaction(sessions) as session:
        found = await session.execute(text("SELECT merchant_id FROM find_store(:slug)"), SLUG)
        merchant_id: uuid.UUID = found.scalar_one()
    async with transaction(sessions, merchant_id) as session:
        before = (await session.execute(text(REVISION))).scalar_one()
        await session.execute(text(change))
        return before, (await session.execute(text(REVISION))).scalar_one()


SLUG = {"slug": "gasthaus-lindenhof"}
REVISION = "SELECT menu_revision FROM stores"


@pytest.mark.parametrize("change", ON_THE_MENU)
async def test_what_a_menu_shows_raises_its_revision(sessions: Sessions, change: str) -> None:
    before, after = await revision_after(sessions, change)
    assert after == before + 1


@pytest.mark.parametrize("change", NOT_ON_THE_MENU)
async def test_everything_else_leaves_it(sessions: Sessions, change: str) -> None:
    before, after = await revision_after(sessions, change)
    assert after == before


async def test_every_table_that_belongs_to_a_store_is_on_the_menu_or_known_not_to_be(
    owner_sessions: Sessions,
) -> None:
    """A new table has to say which it is."""
    not_on_the_menu = {
        "carts",
        "memberships",
        "menu_imports",
        "order_events",
        "orders",
        "quotes",
        "request_keys",
        "service_points",
        "store_counters",
    }
    async with transaction(owner_sessions) as session:
        found = await session.execute(
            text(
                "SELECT DISTINCT c.table_name FROM information_schema.columns c"
                " WHERE c.table_schema = 'public' AND c.column_name = 'store_id' AND NOT EXISTS"
                " (SELECT FROM information_schema.triggers t WHERE t.event_object_table ="
                " c.table_name AND t.trigger_name LIKE 'raise_menu_revision%')"
            )
        )
        assert set(found.scalars()) == not_on_the_menu
