"""Money and times as people of a language write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency

from menuvo_platform.money import amount

# English prices here are European ones: a day before a month, 24 hours.
_LOCALES = {"de": "de_DE", "en": "en_GB", "fr": "fr_FR", "es": "es_ES", "it": "it_IT"}


def money(cents: int, currency: str, language: str) -> str:
    return format_currency(amount(cents), currency, locale=_locale(language))


def clock_time(instant: datetime, zone: str, language: str) -> str:
    """The local time of day, such as 18:05."""
    return format_time(instant, "HH:mm", tzinfo=ZoneInfo(zone), locale=_locale(language))


def day(instant: datetime, zone: str, language: str) -> str:
    """The local date in words, such as 24. November 2026."""
    return format_date(instant.astimezone(ZoneInfo(zone)), "long", locale=_locale(language))


def weekday(instant: datetime, zone: str, language: str) -> str:
    return format_date(instant.astimezone(ZoneInfo(zone)), "EEEE", locale=_locale(language))


def _locale(language: str) -> str:
    return _LOCALES.get(language, "en_GB")
