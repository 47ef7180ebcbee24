import pytest
from sqlalchemy import func, select, text, update

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.orders import retention
from menuvo_platform.orders.models import Cart, Order, OrderLine
from menuvo_platform.orders.retention import CART_DAYS, CONTACT_DAYS, forget_guests
from menuvo_platform.web.catalogue import Catalogues
from tests.menuvo_platform import rows
from tests.menuvo_platform.menus import dishes
from tests.menuvo_platform.orders.guests import Guest, seat


async def order_placed(owner_sessions: Sessions, guest: Guest, *, days_ago: int) -> None:
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 600)
    await guest.add(soup, note="ohne Salz")
    await guest.order(soup, guest_name="Petra Probe", note="eilt", allergy_note="Nüsse")
    then = func.now() - text(f"interval '{days_ago} days'")
    async with transaction(owner_sessions) as session:
        of_guest = Order.merchant_id == guest.store.merchant_id
        await session.execute(update(Order).where(of_guest).values(placed_at=then))
        in_cart = Cart.merchant_id == guest.store.merchant_id
        await session.execute(update(Cart).where(in_cart).values(updated_at=then))


async def remembered(owner_sessions: Sessions, store: rows.StoreRow) -> list[object]:
    async with transaction(owner_sessions) as session:
        of_store = Order.store_id == store.id
        found = await session.execute(
            select(Order.guest_name, Order.note, Order.allergy_note).where(of_store)
        )
        [order] = found.all()
        lines = select(OrderLine.note).where(OrderLine.merchant_id == store.merchant_id)
        carts = select(func.count(Cart.id)).where(Cart.store_id == store.id)
        notes = set((await session.scalars(lines)).all())
        return [*order, max(notes), await session.scalar(carts)]


async def test_after_the_promised_time_only_the_fiscal_record_is_left(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    recent, old = [await seat(sessions, owner_sessions) for _ in range(2)]
    await order_placed(owner_sessions, recent, days_ago=CART_DAYS - 1)
    await order_placed(owner_sessions, old, days_ago=CONTACT_DAYS + 1)
    kept = await remembered(owner_sessions, recent.store)
    assert await forget_guests(sessions) > 0
    assert await remembered(owner_sessions, recent.store) == kept
    assert await remembered(owner_sessions, old.store) == ["", "", "", "", 0]
    assert kept[0] == "Petra Probe"
    assert await forget_guests(sessions) == 0


async def test_a_backlog_is_forgotten_at_once_although_a_statement_takes_only_some(
    sessions: Sessions, owner_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    guests = [await seat(sessions, owner_sessions) for _ in range(3)]
    for guest in guests:
        await order_placed(owner_sessions, guest, days_ago=CONTACT_DAYS + 1)
    assert await forget_guests(sessions) >= 3 * len(guests)
    for guest in guests:
        assert await remembered(owner_sessions, guest.store) == ["", "", "", "", 0]


def test_the_privacy_notice_says_the_same_number_of_days() -> None:
    for language in ("de", "en"):
        notice = Catalogues().of(language).text("shop.privacy.retention.text")
        assert f" {CONTACT_DAYS} " in notice
