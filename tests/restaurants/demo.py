"""The demo's restaurant in a database without a platform beside it: rows only, no pictures."""

import menuvo_platform.models  # noqa: F401  # pyright: ignore[reportUnusedImport]
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.demo.content import load_demo
from menuvo_platform.demo.queries import insert_rows
from menuvo_platform.demo.rows import People, business_rows, menu_rows, people_rows, store_rows
from menuvo_platform.ids import new_id

NOBODY = People(owner_hash="no password", kitchen_hash="no password")


async def make_demo(owner_sessions: Sessions) -> None:
    demo, merchant_id, store_id = load_demo(), new_id(), new_id()
    async with transaction(owner_sessions) as session:
        await insert_rows(session, business_rows(demo, merchant_id))
        await insert_rows(session, store_rows(demo, merchant_id, store_id))
        await insert_rows(session, people_rows(demo, NOBODY, merchant_id, store_id))
        await insert_rows(session, menu_rows(demo, merchant_id, store_id, images={}))
