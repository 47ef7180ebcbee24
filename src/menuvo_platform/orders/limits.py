"""How often may be done what writes rows, by a cart, at a table and from an address.

These are the platform's own limits, for proxies that have none; each raises TooMany. They are
counted before the transaction of what they limit. A whole restaurant sits behind one address: a
hundred phones that fill a cart, look at the checkout and order in the same ten minutes pass.
"""

from menuvo_platform.db.session import Sessions
from menuvo_platform.db.throttle import Limit, hit

ORDERS_PER_CART = Limit("place-cart", tries=20, seconds=600)
ORDERS_PER_TABLE = Limit("place-table", tries=60, seconds=600)
ORDERS_PER_ADDRESS = Limit("place-address", tries=600, seconds=600)
OFFERS_PER_CART = Limit("offer-cart", tries=100, seconds=600)
OFFERS_PER_ADDRESS = Limit("offer-address", tries=1_500, seconds=600)
CHANGES_PER_CART = Limit("cart", tries=300, seconds=600)
CHANGES_PER_ADDRESS = Limit("cart-address", tries=3_000, seconds=600)


async def count_order(
    sessions: Sessions, *, address: str, cart_token: str | None, table_token: str | None
) -> None:
    await hit(sessions, ORDERS_PER_ADDRESS, address)
    if cart_token:
        await hit(sessions, ORDERS_PER_CART, cart_token)
    if table_token:
        await hit(sessions, ORDERS_PER_TABLE, table_token)


async def count_offer(sessions: Sessions, *, address: str, cart_token: str | None) -> None:
    """Of a checkout that is opened."""
    await hit(sessions, OFFERS_PER_ADDRESS, address)
    if cart_token:
        await hit(sessions, OFFERS_PER_CART, cart_token)


async def count_change(sessions: Sessions, *, address: str, cart_token: str | None) -> None:
    """Of a cart, which the first change makes."""
    await hit(sessions, CHANGES_PER_ADDRESS, address)
    if cart_token:
        await hit(sessions, CHANGES_PER_CART, cart_token)
