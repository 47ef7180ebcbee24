import re

from tests.menuvo_platform.shop.restaurant import Guest, words_of

BY_SCRIPT = {"X-Menuvo-Script": "1"}


async def test_a_script_is_told_where_an_order_leads(guest: Guest) -> None:
    await guest.scan()
    await guest.add_beer()
    page = await guest.checkout()
    guest.client.headers.update(BY_SCRIPT)
    answer = await guest.place(page, allergy_note="Sellerie")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cache-control"] == "no-store"
    order = await guest.client.get(answer.headers["location"])
    assert "Allergien: Sellerie" in words_of(order.text)
    again = await guest.place(page, allergy_note="Sellerie")
    assert again.headers["location"] == answer.headers["location"]


async def test_a_script_that_fills_the_cart_gets_the_cookies_of_the_cart(guest: Guest) -> None:
    guest.client.headers.update(BY_SCRIPT)
    answer = await guest.add(guest.restaurant.beer)
    assert answer.status_code == 204
    assert answer.headers["location"] == f"{guest.path}/cart"
    assert (guest.cookie("cart") or "").startswith("1:")
    line = re.search(r'name="line" value="([^"]+)"', (await guest.cart()).text)
    assert line
    changed = await guest.client.post(f"{guest.path}/cart", data={"line": line[1], "quantity": "3"})
    assert changed.status_code == 204
    assert (guest.cookie("cart") or "").startswith("3:")


async def test_a_script_gets_a_form_with_a_mistake_as_a_page(guest: Guest) -> None:
    guest.client.headers.update(BY_SCRIPT)
    answer = await guest.add(guest.restaurant.beer, quantity="0", note="kalt")
    assert answer.status_code == 422
    assert "kalt" in answer.text
