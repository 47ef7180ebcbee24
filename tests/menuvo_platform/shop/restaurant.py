"""A small restaurant with a table, and a guest who uses its pages as a browser does."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

import httpx

from menuvo_platform.db.session import Sessions
from tests.menuvo_platform.menus.dishes import (
    Dish,
    add_category,
    add_group,
    add_item,
    add_modifier,
)
from tests.menuvo_platform.rows import StoreRow, add_store, add_table

# What the button that binds must say, in each language.
PLACE = {"de": "Zahlungspflichtig bestellen", "en": "Order with obligation to pay"}


@dataclass(frozen=True)
class Restaurant:
    store: StoreRow
    table: str
    schnitzel: Dish
    fries: Dish
    spaetzle: Dish
    beer: Dish

    @property
    def path(self) -> str:
        return f"/{self.store.slug}"

    def item(self, dish: Dish, language: str = "") -> str:
        return f"{self.path}{language}/items/{dish.handle}"


async def add_restaurant(owner_sessions: Sessions, **store: object) -> Restaurant:
    """Schnitzel for 12,50 with one side of two (spaetzle cost 0,80 more), beer with a deposit."""
    row = await add_store(owner_sessions, **store)  # pyright: ignore[reportArgumentType]
    mains = await add_category(owner_sessions, row, "Hauptgerichte")
    drinks = await add_category(owner_sessions, row, "Getränke", position=2)
    schnitzel = await add_item(
        owner_sessions,
        row,
        "Schnitzel",
        1250,
        category_id=mains,
        description={"de": "Vom Kalb", "en": "Of veal"},
        allergens=["gluten:wheat", "eggs"],
    )
    beer = await add_item(
        owner_sessions,
        row,
        "Pils",
        340,
        category_id=drinks,
        tax_category="drink",
        deposit_cents=25,
        allergens=["gluten:barley"],
        volume_ml=330,
        minimum_age=16,
        diets=["vegan"],
    )
    sides = await add_group(owner_sessions, row, [schnitzel], least=1, most=1)
    return Restaurant(
        store=row,
        table=await add_table(owner_sessions, row),
        schnitzel=schnitzel,
        fries=await add_modifier(owner_sessions, row, sides, "Pommes", preselected=True),
        spaetzle=await add_modifier(
            owner_sessions, row, sides, "Spätzle", 80, allergens=["eggs", "milk"], position=2
        ),
        beer=beer,
    )


@dataclass
class Guest:
    """Somebody with a browser, at a table once the code is scanned."""

    client: httpx.AsyncClient
    restaurant: Restaurant
    language: str = ""

    @property
    def path(self) -> str:
        return f"{self.restaurant.path}{self.language}"

    async def scan(self) -> httpx.Response:
        return await self.client.get(f"/q/{self.restaurant.table}")

    async def add(self, dish: Dish, *modifiers: Dish, **fields: str) -> httpx.Response:
        data: dict[str, str | list[str]] = {"quantity": "1", **fields}
        if modifiers:
            data["group-1"] = [modifier.handle for modifier in modifiers]
        return await self.client.post(self.restaurant.item(dish, self.language), data=data)

    async def add_beer(self) -> None:
        answer = await self.add(self.restaurant.beer)
        assert answer.status_code == 303, answer.text

    async def cart(self) -> httpx.Response:
        return await self.client.get(f"{self.path}/cart")

    async def checkout(self, fulfilment: str = "") -> httpx.Response:
        query = {"fulfilment": fulfilment} if fulfilment else {}
        return await self.client.get(f"{self.path}/checkout", params=query)

    async def place(self, page: httpx.Response, **fields: str) -> httpx.Response:
        """Sends the form of a checkout page with what it carries."""
        return await self.client.post(
            f"{self.path}/checkout", data={**hidden_fields(page.text), **fields}
        )

    def cookie(self, name: str) -> str | None:
        """As the page's script reads it."""
        for cookie in self.client.cookies.jar:
            if cookie.name == name and cookie.value is not None:
                return unquote(cookie.value)
        return None


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "input" and values.get("type") == "hidden":
            self.hidden[values["name"] or ""] = values["value"] or ""


def hidden_fields(html: str) -> dict[str, str]:
    fields = _Fields()
    fields.feed(html)
    return fields.hidden


def words_of(html: str) -> str:
    """What a person reads: without markup, with single spaces."""
    inside = re.sub(r"<(script|style).*?</\1>", " ", html.partition("<body>")[2], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).replace("\xa0", " ").split())
