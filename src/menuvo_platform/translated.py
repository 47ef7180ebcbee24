"""Content in several languages: one JSON object on the row itself, language to text."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Translated: TypeAlias = dict[str, str]

INTERFACE_LANGUAGES = ("de", "en")
CONTENT_LANGUAGES = ("de", "en", "fr", "es", "it")


def resolve(texts: Mapping[str, str], wanted: str, order: Sequence[str]) -> str:
    """The text in the wanted language, else in the first of the merchant's languages that has one.

    An empty text counts as missing. Without any text at all the answer is empty.
    """
    for language in (wanted, *order, *texts):
        text = texts.get(language, "").strip()
        if text:
            return text
    return ""
