import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from menuvo_platform.errors import Invalid
from menuvo_platform.imports.proposals import read_price
from menuvo_platform.stores.hours import instant_of
from menuvo_platform.stores.schemas import StoreView
from menuvo_platform.web.forms import Form

# "1.234" may be a thousand or a slip of the finger, so it is asked about.
_THOUSANDS = re.compile(r"[.,]\d{3}")
_VERSION = re.compile(r"\d{1,18}")


class PriceUnreadable(Invalid):
    code: ClassVar[str] = "price_unreadable"

    def __init__(self) -> None:
        super().__init__(fields={"price": self.code})


class PictureMissing(Invalid):
    code: ClassVar[str] = "picture_missing"


@dataclass(frozen=True, slots=True)
class PriceForm:
    """`price` is as it was entered; `version` is that of the item on the page."""

    price: str
    version: int

    def cents(self) -> int:
        """Raises PriceUnreadable."""
        cents = None if _THOUSANDS.search(self.price) else read_price(self.price)
        if cents is None:
            raise PriceUnreadable
        return cents


def read_price_form(form: Form) -> PriceForm:
    version = form.text("version")
    return PriceForm(
        price=form.text("price"), version=int(version) if _VERSION.fullmatch(version) else 0
    )


def sold_out_until(form: Form, store: StoreView, now: datetime) -> datetime | None:
    """The next business day for `until=tomorrow`; otherwise until somebody undoes it."""
    if form.text("until") != "tomorrow":
        return None
    tomorrow = store.business_day_of(now) + timedelta(days=1)
    return instant_of(tomorrow, store.day_starts_at, store.zone)


async def read_picture(form: Form) -> bytes:
    """Raises PictureMissing when no file was chosen."""
    file = form.file("picture")
    if file is None:
        raise PictureMissing
    return await file.read()
