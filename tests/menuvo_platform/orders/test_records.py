"""What the platform itself could not do to an order, even if somebody made it try."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from menuvo_platform.db.session import Sessions, transaction
from tests.menuvo_platform.menus import dishes
from tests.menuvo_platform.orders.guests import seat


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM orders",
        "UPDATE orders SET total_cents = 0, goods_cents = 0, deposit_cents = 0",
        "UPDATE orders SET number = number + 1",
        "UPDATE orders SET tracking_token = 'known'",
        "DELETE FROM order_lines",
        "UPDATE order_lines SET unit_cents = 0, total_cents = 0",
        "DELETE FROM order_taxes",
        "UPDATE order_taxes SET vat_cents = 0",
        "DELETE FROM order_events",
        "UPDATE order_events SET to_state = 'cancelled'",
        "DELETE FROM audit_entries",
        "DELETE FROM users",
    ],
)
async def test_a_record_can_neither_be_changed_nor_taken_away(
    sessions: Sessions, owner_sessions: Sessions, statement: str
) -> None:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 600)
    await guest.add(soup)
    await guest.order(soup)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with transaction(sessions, guest.store.merchant_id) as session:
            await session.execute(text(statement))
