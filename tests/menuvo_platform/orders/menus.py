"""Menus in memory, for the price engine."""

from datetime import UTC, datetime

import msgspec
from hypothesis import strategies as st

from menuvo_platform.ids import new_handle, new_id
from menuvo_platform.menus.schemas import MenuGroup, MenuItem, MenuModifier
from menuvo_platform.orders.pricing import price
from menuvo_platform.orders.schemas import Choice, PricedLine, Reader, choose

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
READER = Reader("en", ("de", "en"))

TAX_CATEGORIES = st.sampled_from(["food", "drink"])


def modifier(name: str, cents: int = 0, **values: object) -> MenuModifier:
    plain: dict[str, object] = {
        "id": new_id(),
        "handle": new_handle(),
        "name": {"de": name, "en": f"{name} (en)"},
        "kitchen_name": "",
        "price_cents": cents,
        "tax_category": None,
        "allergen_state": "none",
        "allergens": (),
        "additives": (),
        "preselected": False,
    }
    return msgspec.convert({**plain, **values}, MenuModifier)


def group(*modifiers: MenuModifier, least: int = 0, most: int = 99, free: int = 0) -> MenuGroup:
    return MenuGroup(
        id=new_id(),
        name={"de": "Auswahl", "en": "Choice"},
        min_choices=least,
        max_choices=most,
        free_choices=free,
        modifiers=modifiers,
    )


def item(name: str, cents: int, *groups: MenuGroup, **values: object) -> MenuItem:
    plain: dict[str, object] = {
        "id": new_id(),
        "category_id": new_id(),
        "handle": new_handle(),
        "name": {"de": name, "en": f"{name} (en)"},
        "description": {},
        "kitchen_name": "",
        "price_cents": cents,
        "deposit_cents": 0,
        "tax_category": "food",
        "allergen_state": "none",
        "allergens": (),
        "traces": (),
        "additives": (),
        "diets": (),
        "volume_ml": None,
        "alcoholic": False,
        "minimum_age": None,
        "groups": groups,
    }
    return msgspec.convert({**plain, **values}, MenuItem)


def by_handle(*items: MenuItem) -> dict[str, MenuItem]:
    return {item.handle: item for item in items}


@st.composite
def dishes(draw: st.DrawFn) -> MenuItem:
    """Items as restaurants make them, some with choices that are free, dear or take away."""
    groups = [
        group(
            *(
                modifier(
                    f"Modifier {n}",
                    draw(st.integers(-300, 1000)),
                    handle=f"g{g}m{n}",
                    tax_category=draw(st.one_of(st.none(), TAX_CATEGORIES)),
                    allergens=tuple(draw(st.sets(st.sampled_from(["milk", "eggs", "fish"])))),
                )
                for n in range(draw(st.integers(1, 5)))
            ),
            free=draw(st.integers(0, 3)),
        )
        for g in range(draw(st.integers(0, 3)))
    ]
    return item(
        "Item",
        draw(st.integers(0, 10_000)),
        *groups,
        deposit_cents=draw(st.sampled_from([0, 8, 15, 25])),
        tax_category=draw(TAX_CATEGORIES),
    )


@st.composite
def ordered(draw: st.DrawFn) -> tuple[MenuItem, Choice]:
    dish = draw(dishes())
    handles = [modifier.handle for group in dish.groups for modifier in group.modifiers]
    chosen = draw(st.lists(st.sampled_from(handles), unique=True)) if handles else []
    return dish, choose(dish.handle, chosen, quantity=draw(st.integers(1, 99)))


@st.composite
def order_lines(draw: st.DrawFn) -> list[PricedLine]:
    """Priced lines without problems."""
    priced = [
        price(choice, by_handle(dish), reader=READER, now=NOW)
        for dish, choice in draw(st.lists(ordered(), max_size=6))
    ]
    return [pricing.line for pricing in priced if pricing.line and not pricing.problems]
