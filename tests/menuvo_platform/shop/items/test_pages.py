import httpx
import pytest

from menuvo_platform.clock import utc_now
from menuvo_platform.db.session import Sessions
from menuvo_platform.ids import new_handle
from menuvo_platform.menus.models import Item, Modifier
from tests.menuvo_platform.menus.dishes import Dish, add_group, add_modifier, change
from tests.menuvo_platform.shop.restaurant import Guest, add_restaurant, hidden_fields, words_of


async def test_an_item_shows_its_choices_with_prices_and_all_allergens(guest: Guest) -> None:
    words = words_of(
        (await guest.client.get(guest.restaurant.item(guest.restaurant.schnitzel))).text
    )
    for expected in (
        "Schnitzel 12,50 €",
        "Allergene: Weizen, Eier",
        "Bitte eines wählen.",
        "Spätzle Eier, Milch",
        "+ 0,80 €",
        "Hinzufügen 12,50 €",
    ):
        assert expected in words, expected


async def test_a_deposit_stands_beside_the_price_and_not_in_it(guest: Guest) -> None:
    words = words_of((await guest.client.get(guest.restaurant.item(guest.restaurant.beer))).text)
    assert "zzgl. 0,25 € Pfand" in words
    assert "Hinzufügen 3,40 €" in words


async def test_what_is_preselected_is_chosen(guest: Guest) -> None:
    page = (await guest.client.get(guest.restaurant.item(guest.restaurant.schnitzel))).text
    fries = page.partition(f'value="{guest.restaurant.fries.handle}"')[2].partition("/>")[0]
    assert "checked" in fries


async def test_the_button_shows_the_price_of_what_is_chosen(guest: Guest) -> None:
    restaurant = guest.restaurant
    answer = await guest.client.post(
        f"{restaurant.item(restaurant.schnitzel)}/price",
        data={"quantity": "2", "group-1": restaurant.spaetzle.handle},
    )
    assert (answer.status_code, answer.json()) == (200, {"price": "26,60\xa0€"})
    nonsense = await guest.client.post(
        f"{restaurant.item(restaurant.beer)}/price", data={"quantity": "0", "group-1": "forged"}
    )
    assert (nonsense.status_code, nonsense.json()) == (200, {"price": "3,40\xa0€"})


async def test_adding_leads_to_the_cart_and_tells_the_page(guest: Guest) -> None:
    answer = await guest.add(guest.restaurant.beer, quantity="3")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{guest.path}/cart")
    assert guest.cookie("cart") == "3:10,95\xa0€"
    tokens = [c for c in answer.headers.get_list("set-cookie") if c.startswith("cart_token=")]
    assert "HttpOnly" in tokens[0]
    assert f"Path={guest.path};" in tokens[0]
    assert "SameSite=lax" in tokens[0]


@pytest.mark.parametrize("headers", [{}, {"X-Menuvo-Script": "1"}], ids=["page", "script"])
async def test_a_form_sent_again_is_one_dish_and_one_opened_again_is_another(
    guest: Guest, headers: dict[str, str]
) -> None:
    await guest.add(guest.restaurant.schnitzel, guest.restaurant.fries)
    guest.client.headers.update(headers)
    for pieces in (1, 2):
        opened = await guest.client.get(guest.restaurant.item(guest.restaurant.beer))
        form = hidden_fields(opened.text)
        answers = [await guest.add(guest.restaurant.beer, **form) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {204 if headers else 303}
        assert {answer.headers["location"] for answer in answers} == {f"{guest.path}/cart"}
        assert f"{pieces} × Pils" in words_of((await guest.cart()).text)


async def test_a_wish_added_to_a_form_sent_again_reaches_the_cart(guest: Guest) -> None:
    await guest.add(guest.restaurant.schnitzel, guest.restaurant.fries)
    opened = await guest.client.get(guest.restaurant.item(guest.restaurant.beer))
    form = hidden_fields(opened.text)
    await guest.add(guest.restaurant.beer, **form)
    await guest.add(guest.restaurant.beer, **form, note="ohne Eis")
    words = words_of((await guest.cart()).text)
    assert words.count("Pils") == words.count("1 × Pils 3,40 € „ohne Eis“") == 1


async def test_a_form_with_a_mistake_is_the_same_form_when_it_comes_back(guest: Guest) -> None:
    opened = await guest.client.get(guest.restaurant.item(guest.restaurant.beer))
    form = hidden_fields(opened.text)
    refused = await guest.add(guest.restaurant.beer, **form, quantity="0")
    assert hidden_fields(refused.text) == form
    assert form["key"] not in (await guest.client.get(opened.url)).text


@pytest.mark.parametrize("key", ["", "ä", "%00", "x" * 5000])
async def test_a_forged_key_is_as_good_as_none(guest: Guest, key: str) -> None:
    for pieces in (1, 2):
        assert (await guest.add(guest.restaurant.beer, key=key)).status_code == 303
        assert f"{pieces} × Pils" in words_of((await guest.cart()).text)


async def test_in_english_the_page_and_the_bar_speak_english(guest: Guest) -> None:
    guest.language = "/en"
    restaurant = guest.restaurant
    words = words_of((await guest.client.get(restaurant.item(restaurant.schnitzel, "/en"))).text)
    assert "Schnitzel (en)" in words
    assert "Add €12.50" in words
    await guest.add(restaurant.beer)
    assert guest.cookie("cart") == "1:€3.65"


@pytest.mark.parametrize("quantity", ["0", "100", "-1", "abc", "", "1.5", "٣", "1e1", " " * 9])
async def test_a_quantity_that_makes_no_sense_keeps_the_rest_of_the_input(
    guest: Guest, quantity: str
) -> None:
    restaurant = guest.restaurant
    answer = await guest.add(
        restaurant.schnitzel, restaurant.spaetzle, quantity=quantity, note="gut durch"
    )
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert "gut durch" in answer.text
    chosen = answer.text.partition(f'value="{restaurant.spaetzle.handle}"')[2].partition("/>")[0]
    assert "checked" in chosen
    assert "set-cookie" not in answer.headers


async def test_too_few_and_too_many_choices_are_said_at_their_group(
    guest: Guest, owner_sessions: Sessions
) -> None:
    restaurant = guest.restaurant
    none = await guest.add(restaurant.schnitzel)
    both = await guest.add(restaurant.schnitzel, restaurant.fries, restaurant.spaetzle)
    for answer in (none, both):
        assert answer.status_code == 422
        assert 'id="group-1-error"' in answer.text
    extras = await add_group(owner_sessions, restaurant.store, [restaurant.beer], least=2, most=3)
    for name in ("Limette", "Minze"):
        await add_modifier(owner_sessions, restaurant.store, extras, name, 50)
    words = words_of((await guest.client.get(restaurant.item(restaurant.beer))).text)
    assert "Bitte 2 wählen." in words


async def test_a_forged_price_changes_nothing(guest: Guest) -> None:
    await guest.add(guest.restaurant.beer, price="1", price_cents="1", total="0")
    assert guest.cookie("cart") == "1:3,65\xa0€"


async def test_a_forged_modifier_is_refused(guest: Guest) -> None:
    restaurant = guest.restaurant
    forged = Dish(restaurant.beer.id, new_handle())
    answer = await guest.add(restaurant.schnitzel, restaurant.fries, forged)
    assert answer.status_code == 409
    assert "cart" not in guest.client.cookies


async def test_an_item_of_another_store_or_of_none_is_not_there(
    guest: Guest, owner_sessions: Sessions
) -> None:
    elsewhere = await add_restaurant(owner_sessions)
    for handle in (elsewhere.beer.handle, "nothing", "x" * 300):
        address = f"{guest.path}/items/{handle}"
        assert (await guest.client.get(address)).status_code == 404
        assert (await guest.client.post(address, data={"quantity": "1"})).status_code == 404


async def test_what_is_sold_out_says_so_and_cannot_be_added(
    guest: Guest, owner_sessions: Sessions
) -> None:
    restaurant = guest.restaurant
    await change(owner_sessions, Item, restaurant.beer, sold_out_since=utc_now())
    page = await guest.client.get(restaurant.item(restaurant.beer))
    assert "ausverkauft" in words_of(page.text)
    assert "Hinzufügen" not in page.text
    assert (await guest.add(restaurant.beer)).status_code == 409
    await change(owner_sessions, Modifier, restaurant.fries, sold_out_since=utc_now())
    assert "Pommes Ausverkauft" in words_of(
        (await guest.client.get(restaurant.item(restaurant.schnitzel))).text
    )


async def test_a_note_that_is_too_long_is_kept_and_refused(guest: Guest) -> None:
    answer = await guest.add(guest.restaurant.beer, note="x" * 501)
    assert answer.status_code == 422
    assert "x" * 501 in answer.text


async def test_a_note_is_text_and_never_markup(guest: Guest) -> None:
    await guest.add(guest.restaurant.beer, note="<script>alert(1)</script>")
    page = (await guest.cart()).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


async def test_a_form_of_another_site_adds_nothing(client: httpx.AsyncClient, guest: Guest) -> None:
    answer = await client.post(
        guest.restaurant.item(guest.restaurant.beer),
        data={"quantity": "1"},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert guest.cookie("cart") is None
