"""What a guest chose of an item, as the form says it: handles and words, never a price."""

from dataclasses import dataclass

from menuvo_platform.ids import is_name, new_token
from menuvo_platform.web.forms import Form

# The fields of a group of choices are called group-1, group-2 and so on.
GROUP = "group-"


@dataclass(frozen=True, slots=True)
class ItemForm:
    """`quantity` is text, so that what was entered can be shown again. `key` is of the page that
    was opened, so that its button counts once however often it is sent."""

    key: str
    modifiers: tuple[str, ...]
    quantity: str
    note: str


def read_item_form(form: Form) -> ItemForm:
    key = form.text("key")
    return ItemForm(
        key=key if is_name(key) else new_token(),
        modifiers=form.texts(GROUP),
        quantity=form.text("quantity"),
        note=form.text("note"),
    )
