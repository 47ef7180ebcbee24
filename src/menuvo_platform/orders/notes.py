"""Words of guests: cleaned of what cannot be printed, and limited."""

import unicodedata
from typing import ClassVar

from menuvo_platform.errors import Invalid

LONGEST_LINE_NOTE = 500
LONGEST_ORDER_NOTE = 1000
LONGEST_ALLERGY_NOTE = 500
# Controls cannot be printed, and PostgreSQL stores neither a NUL nor half of a surrogate pair.
_UNPRINTABLE = ("Cc", "Cs")


class NoteTooLong(Invalid):
    code: ClassVar[str] = "order.note_too_long"


def clean_words(text: str) -> str:
    """One line without controls and spare spaces."""
    printable = "".join(
        " " if unicodedata.category(character) in _UNPRINTABLE else character for character in text
    )
    return " ".join(printable.split())


def clean_note(text: str, longest: int, *, field: str = "note") -> str:
    """Cleaned words; raises NoteTooLong, which names the field."""
    note = clean_words(text)
    if len(note) > longest:
        raise NoteTooLong(fields={field: NoteTooLong.code}, longest=longest)
    return note
