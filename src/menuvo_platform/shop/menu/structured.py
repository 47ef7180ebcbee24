"""The menu for search engines, as schema.org describes a Restaurant and its Menu."""

from datetime import datetime
from urllib.parse import urljoin

import msgspec
from markupsafe import Markup

from menuvo_platform.menus.schemas import Menu, MenuItem
from menuvo_platform.money import amount
from menuvo_platform.shop.venue import Venue, path_of
from menuvo_platform.stores.hours import Slot

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DIETS = {
    "vegan": "https://schema.org/VeganDiet",
    "vegetarian": "https://schema.org/VegetarianDiet",
    "gluten_free": "https://schema.org/GlutenFreeDiet",
    "lactose_free": "https://schema.org/LowLactoseDiet",
}
# What HTML would read inside a script element, in spellings that JSON reads the same.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def structured_menu(venue: Venue, menu: Menu, now: datetime, *, public_url: str) -> Markup:
    """JSON-LD that is safe to stand in a script element, whatever a dish is called."""
    store = venue.store
    document = {
        "@context": "https://schema.org",
        "@type": "Restaurant",
        "@id": f"{public_url}{path_of(store, store.languages[0])}#restaurant",
        "name": store.name,
        "url": public_url + venue.path,
        **_if("description", venue.text(store.tagline)),
        **_if("telephone", store.phone),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": store.street,
            "postalCode": store.postal_code,
            "addressLocality": store.city,
            "addressCountry": store.country,
        },
        "openingHoursSpecification": [_hours(slot) for slot in store.slots],
        "hasMenu": {
            "@type": "Menu",
            "inLanguage": venue.language,
            "hasMenuSection": [
                {
                    "@type": "MenuSection",
                    "name": venue.text(category.name),
                    "hasMenuItem": [_item(venue, item, now, public_url) for item in category.items],
                }
                for category in menu.categories
            ],
        },
    }
    return Markup(msgspec.json.encode(document).decode().translate(_ESCAPES))  # noqa: S704


def _item(venue: Venue, item: MenuItem, now: datetime, public_url: str) -> dict[str, object]:
    store, picture = venue.store, item.picture
    diets = [DIETS[diet] for diet in item.diets if diet in DIETS]
    address = picture and venue.pictures.address(picture.sha256, max(picture.widths))
    return {
        "@type": "MenuItem",
        "name": venue.text(item.name),
        **_if("description", venue.text(item.description)),
        **_if("image", address and urljoin(public_url, address)),
        **_if("suitableForDiet", diets),
        "offers": {
            "@type": "Offer",
            "price": str(amount(item.price_cents)),
            "priceCurrency": store.currency,
            "availability": "https://schema.org/"
            + ("SoldOut" if item.sold_out_at(now) else "InStock"),
        },
    }


def _hours(slot: Slot) -> dict[str, object]:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": DAYS[slot.weekday],
        "opens": _clock(slot.opens_minute),
        "closes": _clock(slot.closes_minute),
    }


def _clock(minute: int) -> str:
    """An end past midnight is earlier than its start, which schema.org reads as the next day."""
    if minute == 24 * 60:
        return "23:59"
    hours, minutes = divmod(minute % (24 * 60), 60)
    return f"{hours:02}:{minutes:02}"


def _if(name: str, value: object) -> dict[str, object]:
    return {name: value} if value else {}
