from dataclasses import dataclass

from menuvo_platform.orders.schemas import GuestWishes
from menuvo_platform.web.forms import Form


@dataclass(frozen=True, slots=True)
class CheckoutForm:
    """What the guest adds to an offer; `fulfilment` is what to offer should it not hold."""

    quote: str = ""
    fulfilment: str = ""
    guest_name: str = ""
    note: str = ""
    allergy_note: str = ""

    @property
    def wishes(self) -> GuestWishes:
        return GuestWishes(
            guest_name=self.guest_name, note=self.note, allergy_note=self.allergy_note
        )


def read_checkout_form(form: Form) -> CheckoutForm:
    return CheckoutForm(
        quote=form.text("quote"),
        fulfilment=form.text("fulfilment"),
        guest_name=form.text("guest_name"),
        note=form.text("note"),
        allergy_note=form.text("allergy_note"),
    )
