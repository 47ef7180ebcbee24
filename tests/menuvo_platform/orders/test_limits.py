import pytest

from menuvo_platform.db.session import Sessions
from menuvo_platform.errors import TooMany
from menuvo_platform.ids import new_token
from menuvo_platform.orders.limits import ORDERS_PER_CART, count_order


async def test_ordering_is_limited_for_each_cart(sessions: Sessions) -> None:
    cart, table = new_token(), new_token()
    for _ in range(ORDERS_PER_CART.tries):
        await count_order(sessions, address="192.0.2.1", cart_token=cart, table_token=table)
    with pytest.raises(TooMany) as caught:
        await count_order(sessions, address="192.0.2.1", cart_token=cart, table_token=table)
    assert 0 < caught.value.retry_after_seconds <= ORDERS_PER_CART.seconds
    await count_order(sessions, address="192.0.2.1", cart_token=new_token(), table_token=table)
    await count_order(sessions, address="192.0.2.1", cart_token=None, table_token=None)
