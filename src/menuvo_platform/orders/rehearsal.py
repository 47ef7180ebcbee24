"""Reading and writing as an order does, without an order: how a deploy sees that one would work.

What is written is rolled back. Nothing waits for it meanwhile and nobody is told: no trigger, no
counter and no sequence hangs on the tables it writes to.
"""

from datetime import datetime

from menuvo_platform.db.session import Sessions
from menuvo_platform.db.throttle import count
from menuvo_platform.ids import new_token
from menuvo_platform.orders import queries
from menuvo_platform.orders.limits import CHANGES_PER_CART
from menuvo_platform.stores.service import enter_some_store


async def rehearse(sessions: Sessions, *, write: bool, now: datetime) -> None:
    """Finds a store as a guest's request does and, for a write, begins a cart in it. Where there is
    no store yet, it counts a change of a cart towards its limit, as comes before each of them."""
    async with sessions() as session:
        store_id = await enter_some_store(session)
        if write and store_id is not None:
            await queries.insert_cart(session, store_id, new_token(), now=now)
        elif write:
            await count(session, CHANGES_PER_CART, new_token())
        await session.rollback()
