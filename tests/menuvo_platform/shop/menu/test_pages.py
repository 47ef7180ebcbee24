import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import brotli
import httpx
import pytest
from sqlalchemy import update

from menuvo_ops.local.postgres import running_postgres
from menuvo_platform.app import Application
from menuvo_platform.clock import utc_now
from menuvo_platform.db.engine import create_engine
from menuvo_platform.db.migrate import migrate
from menuvo_platform.db.session import Sessions, create_sessions, transaction
from menuvo_platform.menus.models import Item
from menuvo_platform.settings import Redacted, Settings
from menuvo_platform.stores.models import Store
from menuvo_platform.web.assets import FOLDER
from tests.conftest import APP_PASSWORD, PACKAGES, quoted
from tests.menuvo_platform.conftest import browser, running_application
from tests.menuvo_platform.menus.dishes import add_category, add_item, change
from tests.menuvo_platform.rows import add_store
from tests.menuvo_platform.shop.restaurant import Guest, add_restaurant, words_of

BUDGET_BYTES = 60 * 1024


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 1) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


def json_ld(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


async def test_the_menu_says_everything_without_script(guest: Guest) -> None:
    answer = await guest.client.get(guest.path)
    assert answer.status_code == 200
    words = words_of(answer.text)
    for expected in (
        "Gasthaus Probe",
        "Jetzt geöffnet",
        "Probeweg 1, 79098 Freiburg",
        "Hauptgerichte",
        "Schnitzel",
        "Vom Kalb",
        "12,50 €",
        "A C",
        "0,33 l",
        "ab 16 Jahren",
        "zzgl. 0,25 € Pfand",
        "vegan",
        "Glutenhaltiges Getreide (Gerste, Weizen)",
        "Impressum",
        "Datenschutz",
    ):
        assert expected in words, expected


async def test_it_is_the_same_bytes_for_everyone_and_sets_no_cookie(
    guest: Guest, other: Guest
) -> None:
    await guest.scan()
    await guest.add_beer()
    mine, theirs = await guest.client.get(guest.path), await other.client.get(guest.path)
    assert mine.content == theirs.content
    assert "set-cookie" not in mine.headers
    assert "Tisch 12" not in mine.text
    assert guest.restaurant.table not in mine.text


async def test_who_has_the_page_already_gets_no_second_copy(guest: Guest) -> None:
    first = await guest.client.get(guest.path)
    again = await guest.client.get(guest.path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_each_language_has_its_address_and_the_first_needs_no_name(guest: Guest) -> None:
    english = await guest.client.get(f"{guest.path}/en")
    assert 'lang="en"' in english.text
    words = words_of(english.text)
    assert "Schnitzel (en)" in words
    assert "€12.50" in words
    # Its name has no English: the first language stands in.
    assert "Hauptgerichte" in words
    german = await guest.client.get(f"{guest.path}/de")
    assert (german.status_code, german.headers["location"]) == (302, guest.path)


@pytest.mark.parametrize("path", ["/fr", "/xx", "/toolong", "/en/nothing"])
async def test_other_addresses_below_a_store_are_pages_that_are_not_there(
    guest: Guest, path: str
) -> None:
    answer = await guest.client.get(guest.path + path)
    assert answer.status_code == 404
    assert "page-error" in answer.text


async def test_an_unknown_and_an_inactive_store_are_not_there(
    client: httpx.AsyncClient, owner_sessions: Sessions
) -> None:
    closed_down = await add_restaurant(owner_sessions, active=False)
    for path in ("/nobody-knows-me", closed_down.path, f"{closed_down.path}/cart"):
        assert (await client.get(path)).status_code == 404


async def test_each_page_names_its_own_address_and_those_of_the_other_languages(
    guest: Guest,
) -> None:
    page = (await guest.client.get(f"{guest.path}/en")).text
    base = f"http://menuvo.test{guest.path}"
    assert f'<link rel="canonical" href="{base}/en" />' in page
    for language, address in (("de", base), ("en", f"{base}/en"), ("x-default", base)):
        assert re.search(rf'hreflang="{language}"\s+href="{address}"', page), language


async def test_search_engines_get_the_menu_as_data(guest: Guest, owner_sessions: Sessions) -> None:
    await add_item(owner_sessions, guest.restaurant.store, "</script><b>&", 100)
    page = (await guest.client.get(guest.path)).text
    restaurant = json_ld(page)
    assert restaurant["@type"] == "Restaurant"
    sections = restaurant["hasMenu"]["hasMenuSection"]  # pyright: ignore[reportIndexIssue]
    items = {item["name"]: item for section in sections for item in section["hasMenuItem"]}
    assert items["Schnitzel"]["offers"]["price"] == "12.50"
    assert items["Pils"]["suitableForDiet"] == ["https://schema.org/VeganDiet"]
    assert "</script><b>&" in items
    assert "<b>" not in page


async def test_sold_out_is_shown_within_a_second_and_not_hidden(
    guest: Guest, owner_sessions: Sessions
) -> None:
    assert "Ausverkauft" not in (await guest.client.get(guest.path)).text
    await change(owner_sessions, Item, guest.restaurant.beer, sold_out_since=utc_now())

    async def shown() -> bool:
        page = (await guest.client.get(guest.path)).text
        return "Ausverkauft" in page and "Pils" in page

    await until(shown)


async def test_what_nobody_knows_the_allergens_of_is_not_offered(
    guest: Guest, owner_sessions: Sessions
) -> None:
    store = guest.restaurant.store
    stew = await add_item(owner_sessions, store, "Eintopf", 900, allergen_state="unknown")
    page = (await guest.client.get(guest.path)).text
    assert "Eintopf" not in page
    assert "Kategorie" not in page
    item = await guest.client.get(guest.restaurant.item(stew))
    assert "fehlen die Angaben zu Allergenen" in item.text
    assert (await guest.add(stew)).status_code == 409


async def test_a_changed_price_is_shown_within_a_second(
    guest: Guest, owner_sessions: Sessions
) -> None:
    await guest.client.get(guest.path)
    await change(owner_sessions, Item, guest.restaurant.schnitzel, price_cents=1310)

    async def shown() -> bool:
        return "13,10" in (await guest.client.get(guest.path)).text

    await until(shown)


async def test_a_closed_store_says_when_it_opens_and_a_paused_one_until_when(
    guest: Guest, owner_sessions: Sessions
) -> None:
    closed = await add_restaurant(owner_sessions, always_open=False)
    assert "Zurzeit geschlossen" in (await guest.client.get(closed.path)).text
    async with transaction(owner_sessions) as session:
        await session.execute(
            update(Store)
            .where(Store.id == guest.restaurant.store.id)
            .values(ordering_paused_until=utc_now().replace(year=2099))
        )
    assert "Die Küche macht eine kurze Pause" in (await guest.client.get(guest.path)).text


async def test_without_the_database_the_last_known_menu_is_served(
    settings: Settings, tmp_path: Path
) -> None:
    with running_postgres(tmp_path, packages=PACKAGES, fast=True) as server:
        await migrate(server.url(), APP_PASSWORD, lambda _: None)
        owner = create_engine(server.url())
        restaurant = await add_restaurant(create_sessions(owner))
        await owner.dispose()
        app_url = server.url(role="menuvo_app", password=quoted(APP_PASSWORD))
        async with AsyncExitStack() as stack:
            theirs = replace(settings, database_url=Redacted(app_url))
            _, application = await stack.enter_async_context(running_application(theirs))
            client = await stack.enter_async_context(browser(application))
            known = await client.get(restaurant.path)
            assert known.status_code == 200
            application_alone = stack.pop_all()
    async with application_alone:
        again = await client.get(restaurant.path)
        assert again.content == known.content
        needed = await client.get(f"{restaurant.path}/cart")
        assert needed.status_code == 503
        assert "retry-after" in needed.headers


async def test_a_menu_of_a_hundred_items_stays_within_its_budget(
    application: Application, owner_sessions: Sessions
) -> None:
    store = await add_store(owner_sessions)
    categories = [await add_category(owner_sessions, store, f"Teil {n}") for n in range(10)]
    for number in range(100):
        await add_item(
            owner_sessions,
            store,
            f"Gericht {number} {store.id.hex[number % 20 :]}",
            900 + 37 * number,
            category_id=categories[number // 10],
            description={"de": f"Mit {store.merchant_id.hex[number % 20 :]} und Zubehör {number}"},
            allergens=["gluten:wheat", "milk", "eggs"],
            diets=["vegetarian"],
        )
    async with browser(application) as client:
        answer = await client.get(f"/{store.slug}", headers={"Accept-Encoding": "br"})
    page = brotli.compress(answer.content, quality=5)
    assert answer.text.count('class="item"') == 100
    files = [
        FOLDER / name for name in set(re.findall(r"/static/\w+/([\w./]+\.(?:css|js))", answer.text))
    ]
    assert len(files) >= 5
    files.append(FOLDER / "js/worker.js")
    assert (
        sum(len(brotli.compress(path.read_bytes(), quality=5)) for path in files) + len(page)
        <= BUDGET_BYTES
    )
