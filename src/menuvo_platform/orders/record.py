"""Writing an order down: its place in the store's day, its lines, its VAT and its first event."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.documents import to_documents
from menuvo_platform.ids import new_id, new_token
from menuvo_platform.orders import queries
from menuvo_platform.orders.pricing import taxes_of, totals
from menuvo_platform.orders.queries import Values
from menuvo_platform.orders.schemas import (
    GuestWishes,
    OrderedModifier,
    PlacedOrder,
    PricedLine,
    PricedModifier,
    Quote,
)
from menuvo_platform.stores.schemas import ServicePointView, StoreView
from menuvo_platform.stores.service import take_turn

FIRST_STATE = "confirmed"  # paid at the counter, so the kitchen may begin


async def record_order(
    session: AsyncSession,
    store: StoreView,
    quote: Quote,
    *,
    service_point: ServicePointView | None,
    wishes: GuestWishes,
    now: datetime,
) -> PlacedOrder:
    """The quote must hold. Takes the store's counter, so that nothing slow may follow."""
    turn = await take_turn(session, store.id, business_day=store.business_day_of(now))
    placed = PlacedOrder(new_id(), turn.number, new_token())
    await queries.insert_order(
        session,
        {
            "id": placed.id,
            "merchant_id": store.merchant_id,
            "store_id": store.id,
            "business_day": turn.business_day,
            "number": turn.number,
            "revision": turn.revision,
            "tracking_token": placed.tracking_token,
            "state": FIRST_STATE,
            "payment_state": "pay_at_counter",
            "currency": store.currency,
            "placed_at": now,
            "promised_at": now + timedelta(minutes=store.minutes_to_ready),
            "changed_at": now,
            "guest_name": wishes.guest_name,
            "note": wishes.note,
            "allergy_note": wishes.allergy_note,
            **_of_quote(quote, service_point),
        },
    )
    keys: Values = {"merchant_id": store.merchant_id, "order_id": placed.id}
    await queries.insert_lines(session, [{**keys, **line} for line in _lines(quote)])
    await queries.insert_taxes(session, [{**keys, **tax} for tax in _taxes(quote)])
    await queries.insert_event(
        session,
        store.id,
        placed.id,
        revision=turn.revision,
        from_state=None,
        to_state=FIRST_STATE,
        user_id=None,
        at=now,
    )
    return placed


def _of_quote(quote: Quote, service_point: ServicePointView | None) -> Values:
    sums = totals(quote.lines)
    return {
        "quote_id": quote.id,
        "service_point_id": quote.service_point_id,
        "service_point_name": service_point.name if service_point else "",
        "fulfilment": quote.fulfilment,
        "language": quote.language,
        "goods_cents": sums.goods_cents,
        "deposit_cents": sums.deposit_cents,
        "total_cents": sums.total_cents,
    }


def _lines(quote: Quote) -> Sequence[Values]:
    return [
        {"id": new_id(), "position": position, **_line(line, quote.rates)}
        for position, line in enumerate(quote.lines, start=1)
    ]


def _line(line: PricedLine, rates: dict[str, int]) -> Values:
    return {
        "item_id": line.item_id,
        "quantity": line.quantity,
        "name": line.name,
        "first_name": line.first_name,
        "kitchen_name": line.kitchen_name,
        "unit_cents": line.unit_cents,
        "deposit_cents": line.deposit_cents,
        "total_cents": line.goods_cents,
        "tax_category": line.tax_category,
        "tax_basis_points": rates[line.tax_category],
        "allergens": list(line.allergens),
        "modifiers": to_documents([_modifier(modifier, rates) for modifier in line.modifiers]),
        "note": line.choice.note,
        "minimum_age": line.minimum_age,
    }


def _modifier(modifier: PricedModifier, rates: dict[str, int]) -> OrderedModifier:
    return OrderedModifier(
        handle=modifier.handle,
        name=modifier.name,
        first_name=modifier.first_name,
        kitchen_name=modifier.kitchen_name,
        price_cents=modifier.price_cents,
        tax_category=modifier.tax_category,
        tax_basis_points=rates[modifier.tax_category],
    )


def _taxes(quote: Quote) -> Sequence[Values]:
    return [
        {
            "rate_basis_points": tax.rate_basis_points,
            "gross_cents": tax.gross_cents,
            "net_cents": tax.net_cents,
            "vat_cents": tax.vat_cents,
        }
        for tax in taxes_of(quote.lines, quote.rates)
    ]
