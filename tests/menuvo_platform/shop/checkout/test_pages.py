import asyncio
import re
from datetime import timedelta
from itertools import pairwise

import httpx
import pytest
from sqlalchemy import func, select, update

from menuvo_platform.clock import utc_now
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_token
from menuvo_platform.menus.models import Item, Modifier
from menuvo_platform.orders.limits import ORDERS_PER_CART
from menuvo_platform.orders.models import Order, Quote
from menuvo_platform.stores.models import OpeningSlot, ServicePoint, Store
from tests.menuvo_platform.menus.dishes import change
from tests.menuvo_platform.shop.restaurant import (
    PLACE,
    Guest,
    add_restaurant,
    hidden_fields,
    words_of,
)


@pytest.fixture
async def seated(guest: Guest) -> Guest:
    """At the table, with one schnitzel and one beer."""
    await guest.scan()
    await guest.add(guest.restaurant.schnitzel, guest.restaurant.fries)
    await guest.add_beer()
    return guest


async def count_orders(owner_sessions: Sessions, guest: Guest) -> int:
    async with transaction(owner_sessions) as session:
        found = await session.execute(
            select(func.count()).where(Order.store_id == guest.restaurant.store.id)
        )
        return found.scalar_one()


async def change_store(owner_sessions: Sessions, guest: Guest, **values: object) -> None:
    async with transaction(owner_sessions) as session:
        await session.execute(
            update(Store).where(Store.id == guest.restaurant.store.id).values(**values)
        )


async def test_at_a_table_nobody_is_asked_who_they_are(seated: Guest) -> None:
    page = await seated.checkout()
    assert page.status_code == 200
    words = words_of(page.text)
    assert "Tisch 12" in words
    assert 'name="guest_name"' not in page.text
    assert not re.search(r'type="(email|tel)"', page.text)
    assert "Ihr Vertragspartner ist Gasthaus Probe GmbH." in words


@pytest.mark.parametrize("language", ["de", "en"])
async def test_the_button_says_what_it_does_with_everything_right_above_it(
    guest: Guest, language: str
) -> None:
    guest.language = "" if language == "de" else f"/{language}"
    await guest.scan()
    await guest.add_beer()
    page = await guest.checkout()
    button = re.findall(r"<button.*?</button>", page.text, re.DOTALL)
    assert [words_of(f"<body>{label}") for label in button] == [PLACE[language]]
    words = words_of(page.text)
    parts = {
        "de": ["1 × Pils 3,40 €", "Pfand 0,25 €", "Gesamt 3,65 €", PLACE["de"]],
        "en": ["1 × Pils (en) €3.40", "Deposit €0.25", "Total €3.65", PLACE["en"]],
    }[language]
    assert all(words.index(before) < words.index(after) for before, after in pairwise(parts))
    assert f"{parts[-2]} {parts[-1]}" in words


async def test_an_order_leads_to_its_page_and_empties_the_cart(
    seated: Guest, owner_sessions: Sessions
) -> None:
    answer = await seated.place(await seated.checkout(), note="bitte schnell")
    assert answer.status_code == 303
    assert re.fullmatch(rf"{seated.path}/orders/\w{{22}}", answer.headers["location"])
    assert await count_orders(owner_sessions, seated) == 1
    assert "Noch nichts ausgewählt" in (await seated.cart()).text
    assert seated.cookie("cart") is None


async def test_the_same_offer_accepted_twice_is_one_order(
    seated: Guest, owner_sessions: Sessions
) -> None:
    page = await seated.checkout()
    answers = await asyncio.gather(*(seated.place(page) for _ in range(5)))
    late = await seated.place(page)
    assert len({answer.headers["location"] for answer in (*answers, late)}) == 1
    assert await count_orders(owner_sessions, seated) == 1


SCRIPT = {"X-Menuvo-Script": "1"}


@pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["page", "script"])
@pytest.mark.parametrize("language", ["de", "en"])
async def test_an_allergy_note_changed_after_a_lost_answer_is_never_dropped_in_silence(
    seated: Guest, owner_sessions: Sessions, language: str, headers: dict[str, str]
) -> None:
    await change_store(owner_sessions, seated, phone="+49 221 555 0100")
    seated.language = "" if language == "de" else "/en"
    page = await seated.checkout()
    placed = await seated.place(page, allergy_note="Sellerie", note="Mit Kerze")
    seated.client.headers.update(headers)
    again = await seated.place(page, allergy_note="Sellerie und Nüsse", note="Mit Kerze")
    assert again.status_code == (204 if headers else 303)
    order = placed.headers["location"]
    assert again.headers["location"] == f"{order}?unheard=allergy_note"
    assert await count_orders(owner_sessions, seated) == 1

    shown = (await seated.client.get(again.headers["location"])).text
    assert 'role="alert"' in shown
    assert 'href="tel:+492215550100"' in shown
    words = words_of(shown)
    for sentence in {
        "de": ["Ihre Änderung ist nicht angekommen", "Allergien: Sellerie", "dem Personal"],
        "en": ["Your change has not arrived", "Allergies: Sellerie", "tell the staff"],
    }[language]:
        assert sentence in words
    assert words.count("Mit Kerze") == 1, "what did not change needs no word"
    plain = words_of((await seated.client.get(order)).text)
    assert "nicht angekommen" not in plain


async def test_a_note_that_the_kitchen_does_not_have_is_said_to_be_missing(seated: Guest) -> None:
    page = await seated.checkout()
    await seated.place(page)
    again = await seated.place(page, allergy_note="Erdnüsse", note="schnell", guest_name="Kim")
    words = words_of((await seated.client.get(again.headers["location"])).text)
    assert "Allergien: keine Angabe" in words
    assert "Anmerkung: keine" in words
    assert "Name: keiner" in words
    assert "Erdnüsse" not in again.headers["location"]


async def test_a_change_that_no_form_has_is_not_spoken_of(seated: Guest) -> None:
    order = (await seated.place(await seated.checkout())).headers["location"]
    words = words_of((await seated.client.get(f"{order}?unheard=<b>&unheard=total")).text)
    assert "nicht angekommen" not in words


async def test_two_windows_with_one_cart_make_one_order(
    seated: Guest, owner_sessions: Sessions
) -> None:
    one, two = await seated.checkout(), await seated.checkout("pickup")
    assert (await seated.place(one)).status_code == 303
    answer = await seated.place(two, guest_name="Kim")
    assert answer.status_code == 409
    assert await count_orders(owner_sessions, seated) == 1


async def test_who_picks_up_is_asked_for_a_name_and_nothing_is_lost(
    guest: Guest, owner_sessions: Sessions
) -> None:
    await guest.add_beer()
    page = await guest.checkout()
    words = words_of(page.text)
    assert "Ihr Name" in words
    assert "Sitzen Sie an einem Tisch?" in words
    refused = await guest.place(page, guest_name=" ", note="ohne Glas")
    assert refused.status_code == 422
    assert 'id="guest_name-error"' in refused.text
    assert "ohne Glas" in refused.text
    assert hidden_fields(refused.text)["quote"] == hidden_fields(page.text)["quote"]
    assert (await guest.place(refused, guest_name="Paula")).status_code == 303
    assert await count_orders(owner_sessions, guest) == 1


async def test_at_a_table_one_may_choose_to_pick_up(seated: Guest) -> None:
    page = await seated.checkout()
    assert f"{seated.path}/checkout?fulfilment=pickup" in page.text
    other = await seated.checkout("pickup")
    assert 'name="guest_name"' in other.text
    assert (await seated.place(other, guest_name="Paula")).status_code == 303


@pytest.mark.parametrize("fulfilment", ["delivery", "nonsense", "%00"])
async def test_a_way_that_is_not_offered_is_not_taken(seated: Guest, fulfilment: str) -> None:
    page = await seated.checkout(fulfilment)
    assert hidden_fields(page.text)["fulfilment"] == "dine_in"


async def test_where_only_tables_are_served_the_code_is_needed(
    guest: Guest, owner_sessions: Sessions
) -> None:
    await change_store(owner_sessions, guest, fulfilments=["dine_in"])
    await guest.add_beer()
    page = await guest.checkout()
    assert page.status_code == 409
    assert PLACE["de"] not in page.text
    assert "Warenkorb ansehen" in page.text


async def test_a_table_of_another_restaurant_counts_for_nothing(
    seated: Guest, owner_sessions: Sessions
) -> None:
    elsewhere = await add_restaurant(owner_sessions)
    for cookie in seated.client.cookies.jar:
        if cookie.name == "visit":
            cookie.value = elsewhere.table
    page = await seated.checkout()
    assert hidden_fields(page.text)["fulfilment"] == "pickup"


async def test_a_table_that_was_closed_meanwhile_is_said(
    seated: Guest, owner_sessions: Sessions
) -> None:
    page = await seated.checkout()
    async with transaction(owner_sessions) as session:
        await session.execute(
            update(ServicePoint)
            .where(ServicePoint.token == seated.restaurant.table)
            .values(active=False)
        )
    answer = await seated.place(page)
    assert answer.status_code in {404, 409}
    assert await count_orders(owner_sessions, seated) == 0


async def test_a_changed_price_is_shown_before_anything_is_ordered(
    seated: Guest, owner_sessions: Sessions
) -> None:
    page = await seated.checkout()
    await change(owner_sessions, Item, seated.restaurant.schnitzel, price_cents=1310)
    answer = await seated.place(page, note="bitte schnell")
    assert answer.status_code == 409
    words = words_of(answer.text)
    assert "Es wurde nichts bestellt" in words
    assert "Schnitzel: jetzt 13,10 € statt 12,50 €" in words
    assert "Gesamt 16,75 €" in words
    assert "bitte schnell" in words
    assert await count_orders(owner_sessions, seated) == 0
    assert (await seated.place(answer)).status_code == 303
    assert await count_orders(owner_sessions, seated) == 1


async def test_what_sold_out_between_is_named_and_the_cart_is_whole(
    seated: Guest, owner_sessions: Sessions
) -> None:
    page = await seated.checkout()
    await change(owner_sessions, Modifier, seated.restaurant.fries, sold_out_since=utc_now())
    answer = await seated.place(page)
    assert answer.status_code == 409
    words = words_of(answer.text)
    assert "Schnitzel" in words
    assert "Pommes" in words
    assert PLACE["de"] not in words
    assert await count_orders(owner_sessions, seated) == 0
    assert "1 × Pils" in words_of((await seated.cart()).text)


async def test_an_offer_that_expired_is_made_again(seated: Guest, owner_sessions: Sessions) -> None:
    page = await seated.checkout()
    async with transaction(owner_sessions) as session:
        await session.execute(update(Quote).values(expires_at=utc_now() - timedelta(seconds=1)))
    answer = await seated.place(page)
    assert answer.status_code == 409
    assert "Es wurde nichts bestellt" in answer.text
    assert (await seated.place(answer)).status_code == 303


@pytest.mark.parametrize("quote", ["", "forged", "%00", "x" * 5000])
async def test_a_forged_offer_is_answered_with_a_true_one(
    seated: Guest, owner_sessions: Sessions, quote: str
) -> None:
    answer = await seated.client.post(
        f"{seated.path}/checkout", data={"quote": quote, "total": "1"}
    )
    assert answer.status_code == 404
    assert "Gesamt 16,15 €" in words_of(answer.text)
    assert await count_orders(owner_sessions, seated) == 0


async def test_an_offer_of_another_store_is_worth_nothing_here(
    seated: Guest, other: Guest, owner_sessions: Sessions
) -> None:
    other.restaurant = await add_restaurant(owner_sessions)
    await other.scan()
    await other.add_beer()
    theirs = hidden_fields((await other.checkout()).text)["quote"]
    answer = await seated.client.post(f"{seated.path}/checkout", data={"quote": theirs})
    assert answer.status_code == 404
    assert await count_orders(owner_sessions, seated) == 0
    assert await count_orders(owner_sessions, other) == 0


async def test_a_closed_store_says_when_it_opens_and_keeps_the_cart(
    seated: Guest, owner_sessions: Sessions
) -> None:
    page = await seated.checkout()
    tomorrow = (utc_now() + timedelta(days=2)).weekday()
    async with transaction(owner_sessions) as session:
        await session.execute(
            update(OpeningSlot)
            .where(OpeningSlot.store_id == seated.restaurant.store.id)
            .values(weekday=tomorrow, opens_minute=600, closes_minute=601)
        )
    for answer in (await seated.place(page), await seated.checkout()):
        assert answer.status_code == 409
        assert "Geschlossen, öffnet" in answer.text
        assert PLACE["de"] not in answer.text
    cart = words_of((await seated.cart()).text)
    assert "Wir haben gerade geschlossen" in cart
    assert "1 × Pils" in cart
    assert await count_orders(owner_sessions, seated) == 0


async def test_a_paused_kitchen_says_so(seated: Guest, owner_sessions: Sessions) -> None:
    page = await seated.checkout()
    until = utc_now() + timedelta(minutes=20)
    await change_store(owner_sessions, seated, ordering_paused_until=until)
    answer = await seated.place(page)
    assert answer.status_code == 409
    assert await count_orders(owner_sessions, seated) == 0


async def test_checkout_of_an_empty_cart_leads_to_the_cart(guest: Guest) -> None:
    answer = await guest.checkout()
    assert (answer.status_code, answer.headers["location"]) == (302, f"{guest.path}/cart")


async def test_too_many_tries_are_told_when_to_come_back(
    seated: Guest, owner_sessions: Sessions
) -> None:
    address = f"{seated.path}/checkout"
    for _ in range(ORDERS_PER_CART.tries):
        await seated.client.post(address, data={"quote": new_token()})
    answer = await seated.client.post(address, data={"quote": new_token()})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Minuten" in answer.text or "min" in answer.text


async def test_a_form_of_another_site_orders_nothing(
    seated: Guest, owner_sessions: Sessions
) -> None:
    fields = hidden_fields((await seated.checkout()).text)
    answer: httpx.Response = await seated.client.post(
        f"{seated.path}/checkout", data=fields, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert await count_orders(owner_sessions, seated) == 0
