"""The words of the interface: dotted ids to sentences, one catalogue a language.

The files are gettext's (`locales/<language>/<area>.po`), read once at start. Plurals go by `count`.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import cast

import structlog
from babel import Locale
from babel.messages.pofile import read_po

from menuvo_platform.errors import DomainError
from menuvo_platform.translated import INTERFACE_LANGUAGES

LOCALES = Path(__file__).parent / "locales"
# Languages of content whose interface is not translated yet speak English around it.
FALLBACK = "en"

log = structlog.stdlib.get_logger(__name__)


class Catalogue:
    """All messages of one language."""

    def __init__(self, language: str, messages: Mapping[str, str | Sequence[str]]) -> None:
        self.language: str = language
        self.messages: Mapping[str, str | Sequence[str]] = messages

    def text(self, message_id: str, /, **facts: object) -> str:
        """The sentence with its facts filled in. A missing one is logged and answers its id: a
        guest's order must not fail for want of a word (a test finds every missing one)."""
        message = self.messages.get(message_id)
        if message is None:
            log.error("message_missing", message_id=message_id, language=self.language)
            return message_id
        if not isinstance(message, str):
            message = message[self._plural_form(cast("int", facts["count"]))]
        return message.format_map(facts)

    def error(self, error: DomainError) -> str:
        return self.text(f"error.{error.code}", **error.facts)

    def field_errors(self, error: DomainError) -> dict[str, str]:
        return {
            field: self.text(f"error.{code}", **error.facts) for field, code in error.fields.items()
        }

    def _plural_form(self, count: int) -> int:
        return 0 if self._locale.plural_form(count) == "one" else 1

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse(self.language)


class Catalogues:
    def __init__(self, folder: Path = LOCALES) -> None:
        self._by_language: dict[str, Catalogue] = {
            language: Catalogue(language, _read_messages(folder / language))
            for language in INTERFACE_LANGUAGES
        }

    def of(self, language: str) -> Catalogue:
        return self._by_language.get(language) or self._by_language[FALLBACK]


def _read_messages(folder: Path) -> dict[str, str | Sequence[str]]:
    messages: dict[str, str | Sequence[str]] = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, abort_invalid=True):
                if not message.id:
                    continue
                message_id = message.id if isinstance(message.id, str) else message.id[0]
                if message_id in messages:
                    raise ValueError(f"{path}: the message {message_id} is there twice")
                messages[message_id] = message.string or message_id
    return messages
