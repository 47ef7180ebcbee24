"""Whether a store takes an order now, and what it has to say when it does not."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from menuvo_platform.errors import Refused
from menuvo_platform.menus.taxes import rates
from menuvo_platform.stores.schemas import ServicePointView, StoreView
from menuvo_platform.stores.service import TableInactive, TableUnknown

# Delivery needs an address, a zone and a fee, which no checkout asks for yet.
FULFILMENTS_TAKEN = ("dine_in", "pickup")


class StoreInactive(Refused):
    code: ClassVar[str] = "store.inactive"


class StoreClosed(Refused):
    """`opens_at` is None when no opening is known."""

    code: ClassVar[str] = "store.closed"

    def __init__(self, opens_at: datetime | None) -> None:
        self.opens_at: datetime | None = opens_at
        super().__init__()


class OrderingPaused(Refused):
    code: ClassVar[str] = "store.paused"

    def __init__(self, until: datetime, now: datetime) -> None:
        self.until: datetime = until
        super().__init__(fields=None, minutes=-int((now - until).total_seconds() // 60))


class FulfilmentOff(Refused):
    code: ClassVar[str] = "order.fulfilment_off"


class TableMissing(Refused):
    """Who eats here sits somewhere: the code on the table says where."""

    code: ClassVar[str] = "order.table_missing"


class PaymentMissing(Refused):
    """Nothing can be paid online yet, and the store does not take money at the counter."""

    code: ClassVar[str] = "order.no_payment"


class TaxUnknown(Refused):
    code: ClassVar[str] = "order.tax_unknown"


def check_accepts(
    store: StoreView, fulfilment: str, service_point: ServicePointView | None, *, now: datetime
) -> None:
    """Raises the first reason, most lasting first, for which the store takes no such order now."""
    if not store.active:
        raise StoreInactive
    if fulfilment not in store.fulfilments or fulfilment not in FULFILMENTS_TAKEN:
        raise FulfilmentOff
    if not store.pay_at_counter:
        raise PaymentMissing
    if service_point is None and fulfilment == "dine_in":
        raise TableMissing
    if service_point is not None and service_point.store_id != store.id:
        raise TableUnknown
    if service_point is not None and not service_point.active:
        raise TableInactive(table=service_point.name, slug=service_point.slug)
    opening = store.opening_at(now)
    if not opening.open:
        raise StoreClosed(opening.changes_at)
    if store.ordering_paused_until is not None and store.paused_at(now):
        raise OrderingPaused(store.ordering_paused_until, now)


def rates_at(store: StoreView, fulfilment: str, now: datetime) -> Mapping[str, int]:
    """VAT rates by tax category on the store's date; raises TaxUnknown."""
    found = rates(store.country, fulfilment, store.date_of(now))
    if found is None:
        raise TaxUnknown
    return found
