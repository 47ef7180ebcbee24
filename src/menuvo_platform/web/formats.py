"""Money and times as people of a language write them."""

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent

from menuvo_platform.money import BASIS_POINTS, amount

# English prices here are European ones: a day before a month, 24 hours.
_LOCALES = {"de": "de_DE", "en": "en_GB", "fr": "fr_FR", "es": "es_ES", "it": "it_IT"}


def money(cents: int, currency: str, language: str) -> str:
    return format_currency(amount(cents), currency, locale=_locale(language))


def price_difference(cents: int, currency: str, language: str) -> str:
    """What a choice adds to a price, with its sign; nothing when it costs nothing."""
    if cents == 0:
        return ""
    sign = "+" if cents > 0 else "\N{MINUS SIGN}"
    return f"{sign} {money(abs(cents), currency, language)}"


def clock_time(instant: datetime, zone: str, language: str) -> str:
    """The local time of day, such as 18:05."""
    return format_time(instant, "HH:mm", tzinfo=ZoneInfo(zone), locale=_locale(language))


def day(instant: datetime, zone: str, language: str) -> str:
    """The local date in words, such as 24. November 2026."""
    return format_date(instant.astimezone(ZoneInfo(zone)), "long", locale=_locale(language))


def weekday(instant: datetime, zone: str, language: str) -> str:
    return format_date(instant.astimezone(ZoneInfo(zone)), "EEEE", locale=_locale(language))


def percent(basis_points: int, language: str) -> str:
    """A tax rate: 7 %, or 2,6 % where there are such."""
    locale = Locale.parse(_locale(language))
    pattern = cast("str", locale.percent_formats[None].pattern).replace("##0", "##0.##")
    return format_percent(basis_points / BASIS_POINTS, format=pattern, locale=locale)


def volume(millilitres: int, language: str) -> str:
    """As drinks are ordered: 0,5 l of beer, 4 cl of schnaps."""
    if millilitres < 100:
        return f"{format_decimal(millilitres / 10, locale=_locale(language))} cl"
    return f"{format_decimal(millilitres / 1000, locale=_locale(language))} l"


def language_name(language: str) -> str:
    """As those who speak it call it."""
    name = Locale.parse(language).get_language_name(language) or language
    return name[:1].upper() + name[1:]


def _locale(language: str) -> str:
    return _LOCALES.get(language, "en_GB")
