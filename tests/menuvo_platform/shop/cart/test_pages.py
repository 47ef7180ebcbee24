import re

import pytest

from menuvo_platform.clock import utc_now
from menuvo_platform.db.session import Sessions
from menuvo_platform.menus.models import Item
from tests.menuvo_platform.menus.dishes import change
from tests.menuvo_platform.shop.restaurant import Guest, add_restaurant, hidden_fields, words_of


async def test_an_empty_cart_says_what_to_do_and_sets_nothing(guest: Guest) -> None:
    answer = await guest.cart()
    assert answer.status_code == 200
    assert "Noch nichts ausgewählt" in answer.text
    assert "set-cookie" not in answer.headers


async def test_lines_add_up_to_the_total_with_the_deposit_apart(guest: Guest) -> None:
    restaurant = guest.restaurant
    await guest.add(restaurant.schnitzel, restaurant.spaetzle, quantity="2", note="gut durch")
    await guest.add_beer()
    words = words_of((await guest.cart()).text)
    assert "2 × Schnitzel 26,60 € Spätzle + 0,80 € „gut durch“" in words
    assert "1 × Pils 3,40 €" in words
    assert "Speisen und Getränke 30,00 € Pfand 0,25 € Gesamt 30,25 €" in words


async def test_a_quantity_is_changed_and_a_line_removed_by_plain_buttons(guest: Guest) -> None:
    await guest.add_beer()
    line = hidden_fields((await guest.cart()).text)["line"]
    answer = await guest.client.post(f"{guest.path}/cart", data={"line": line, "quantity": "4"})
    assert answer.status_code == 303
    assert guest.cookie("cart") == "4:14,60\xa0€"
    await guest.client.post(f"{guest.path}/cart", data={"line": line, "quantity": "0"})
    assert guest.cookie("cart") is None
    assert "Noch nichts ausgewählt" in (await guest.cart()).text


@pytest.mark.parametrize("quantity", ["100", "-1", "abc", ""])
async def test_a_wrong_quantity_changes_nothing_and_is_explained(
    guest: Guest, quantity: str
) -> None:
    await guest.add_beer()
    line = hidden_fields((await guest.cart()).text)["line"]
    answer = await guest.client.post(
        f"{guest.path}/cart", data={"line": line, "quantity": quantity}
    )
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "1 × Pils" in words_of(answer.text)


async def test_a_line_that_is_not_there_changes_nothing(guest: Guest) -> None:
    await guest.add_beer()
    await guest.client.post(f"{guest.path}/cart", data={"line": "nothing", "quantity": "5"})
    assert "1 × Pils" in words_of((await guest.cart()).text)


async def test_what_sold_out_meanwhile_is_marked_and_the_rest_stays(
    guest: Guest, owner_sessions: Sessions
) -> None:
    restaurant = guest.restaurant
    await guest.add(restaurant.schnitzel, restaurant.fries)
    await guest.add_beer()
    await change(owner_sessions, Item, restaurant.beer, sold_out_since=utc_now())
    answer = await guest.cart()
    words = words_of(answer.text)
    assert "Bitte sehen Sie die markierten Zeilen durch" in words
    assert "field-error" in answer.text
    assert "Gesamt 12,50 €" in words
    assert not re.search(r'href="[^"]*/checkout"', answer.text)


async def test_a_dish_that_left_the_menu_can_be_removed(
    guest: Guest, owner_sessions: Sessions
) -> None:
    await guest.add_beer()
    await change(owner_sessions, Item, guest.restaurant.beer, active=False)
    page = await guest.cart()
    assert "Nicht mehr auf der Karte" in page.text
    line = hidden_fields(page.text)["line"]
    await guest.client.post(f"{guest.path}/cart", data={"line": line, "quantity": "0"})
    assert "Noch nichts ausgewählt" in (await guest.cart()).text


async def test_a_cart_follows_the_language_of_the_page(guest: Guest) -> None:
    await guest.add_beer()
    guest.language = "/en"
    assert "1 × Pils (en) €3.40" in words_of((await guest.cart()).text)
    assert guest.cookie("cart") == "1:€3.65"


async def test_a_cart_of_another_guest_or_store_stays_unseen(
    guest: Guest, other: Guest, owner_sessions: Sessions
) -> None:
    await guest.add_beer()
    assert "Noch nichts ausgewählt" in (await other.cart()).text
    elsewhere = await add_restaurant(owner_sessions)
    token = guest.cookie("cart_token")
    answer = await other.client.get(
        f"{elsewhere.path}/cart", headers={"Cookie": f"cart_token={token}"}
    )
    assert "Noch nichts ausgewählt" in answer.text


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "' OR 1=1 --"])
async def test_a_forged_token_is_an_empty_cart(guest: Guest, token: str) -> None:
    answer = await guest.client.get(
        f"{guest.path}/cart", headers={"Cookie": f'cart_token="{token}"'}
    )
    assert answer.status_code == 200
    assert "Noch nichts ausgewählt" in answer.text
