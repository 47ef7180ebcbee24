"""What a guest leaves behind goes, as the privacy notice says it does.

The order itself stays: it is a fiscal record. What goes is who it was for and what they wrote.
"""

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.orders import queries

CART_DAYS = 7
CONTACT_DAYS = 60  # the number in `shop.privacy.retention.text`
AT_ONCE = 1000


async def forget_guests(sessions: Sessions) -> int:
    """Of all merchants, some at a time; answers how many rows it touched."""
    forgotten = 0
    while touched := await _forget_some(sessions):
        forgotten += touched
    return forgotten


async def _forget_some(sessions: Sessions) -> int:
    async with transaction(sessions) as session:
        return await queries.forget_guests(
            session, cart_days=CART_DAYS, contact_days=CONTACT_DAYS, at_most=AT_ONCE
        )
