"""A guest who chooses with bad reception, in a real browser."""

import re
import time

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.system.browsers import DESKTOP, DISH, PATIENCE_MS, Window, choose_dish, window
from tests.system.clone import Stack
from tests.system.lines import Line, Reception

SOUP = "Tomatensuppe mit Basilikum"

pytestmark = [pytest.mark.core, pytest.mark.browser]


def test_a_change_of_the_cart_that_does_not_arrive_is_told_beside_its_line(
    stack: Stack, line: Line, guest: Window
) -> None:
    page = guest.page
    page.goto(line.by(stack.table_url))
    choose_dish(page, line.by(stack.menu_url))
    page.goto(line.by(stack.menu_url) + "/cart")
    more = page.get_by_role("button", name=f"{DISH}: eins mehr")
    page.context.set_offline(True)
    more.click()
    expect(page.locator(".order-line").get_by_role("alert")).to_contain_text("Keine Verbindung")
    page.context.set_offline(False)
    more.click()
    expect(page.locator(".order-line-quantity")).to_have_text("2 ×")


@pytest.mark.parametrize("in_sheet", [True, False], ids=["sheet", "page"])
def test_a_wish_for_a_dish_is_kept_until_the_network_is_back(
    stack: Stack, line: Line, guest: Window, in_sheet: bool
) -> None:
    page = guest.page
    page.goto(line.by(stack.table_url))
    page.get_by_role("link", name=DISH).click()
    if not in_sheet:
        page.wait_for_url("**/items/*")
        page.reload()
    wish = page.get_by_label("Wunsch an die Küche")
    wish.fill("Ohne Salz")
    page.context.set_offline(True)
    add = page.get_by_role("button", name=re.compile("Hinzufügen"))
    add.click()
    expect(page.get_by_role("alert")).to_contain_text("Keine Verbindung")
    expect(wish).to_have_value("Ohne Salz")

    page.context.set_offline(False)
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        add.click()
    if in_sheet:
        expect(page.get_by_text("Liegt im Warenkorb.")).to_be_visible()
        page.get_by_role("link", name="Zur Bestellung").click()
    page.wait_for_url("**/cart")
    expect(page.get_by_text("„Ohne Salz“")).to_be_visible()


def wait_until_in_cart(page: Page, stack: Stack, dish: str) -> None:
    """Reads the cart by a way that is not bad, until the dish has arrived."""
    page.goto(stack.menu_url + "/cart")
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not page.get_by_text(dish).is_visible():
        assert time.monotonic() < deadline, f"{dish} never arrived"
        page.reload()


@pytest.mark.parametrize("in_sheet", [True, False], ids=["sheet", "page"])
def test_a_dish_whose_answer_is_lost_lies_in_the_cart_once(
    stack: Stack, line: Line, guest: Window, in_sheet: bool
) -> None:
    page = guest.page
    page.clock.install()
    page.goto(line.by(stack.table_url))
    choose_dish(page, line.by(stack.menu_url))
    page.get_by_role("link", name=SOUP).click()
    page.wait_for_url("**/items/*")
    if not in_sheet:
        page.reload()
    line.reception = Reception.DEAF
    add = page.get_by_role("button", name=re.compile("Hinzufügen"))
    add.click()
    expect(page.get_by_role("button", name="Wird hinzugefügt")).to_be_visible()
    wait_until_in_cart(page.context.new_page(), stack, SOUP)
    page.clock.fast_forward(16_000)
    expect(page.get_by_role("alert")).to_contain_text("auch dann nur einmal")

    line.reception = Reception.GOOD
    add.click()
    if in_sheet:
        expect(page.get_by_text("Liegt im Warenkorb.")).to_be_visible()
        page.get_by_role("link", name="Zur Bestellung").click()
    page.wait_for_url("**/cart")
    expect(page.locator(".order-line", has_text=SOUP)).to_have_count(1)
    expect(page.locator(".order-line", has_text=SOUP)).to_contain_text("1 ×")


def test_a_dish_that_cannot_be_opened_leaves_the_guest_on_the_menu(
    stack: Stack, line: Line, guest: Window
) -> None:
    page = guest.page
    page.goto(line.by(stack.table_url))
    menu = page.url
    page.context.set_offline(True)
    page.get_by_role("link", name=DISH).click()
    expect(page.get_by_text("Dafür fehlt gerade die Verbindung")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Lindenhof")).to_be_visible()
    assert page.url == menu


def test_the_button_of_a_dish_is_one_line_on_a_phone(stack: Stack, guest: Window) -> None:
    guest.page.goto(stack.menu_url)
    guest.page.get_by_role("link", name="Wiener Schnitzel").click()
    add = guest.page.get_by_role("button", name=re.compile("Hinzufügen"))
    expect(add.locator("[data-price-total]")).to_be_visible()
    # Read at one moment, because the sheet may still be rising.
    words, price = add.evaluate("button => [...button.children].map((part) => part.offsetTop)")
    assert words == price


def test_on_a_desktop_every_category_is_in_sight(stack: Stack, browser: Browser) -> None:
    with window(browser, DESKTOP) as desktop:
        desktop.page.goto(stack.menu_url)
        categories = desktop.page.locator("[data-category-bar] a")
        assert categories.count() == desktop.page.locator("[data-category]").count()
        for category in categories.all():
            expect(category).to_be_in_viewport(ratio=1)
        categories.last.click()
        heading = desktop.page.locator("[data-category] h2").last
        bar = desktop.page.locator("[data-category-bar]").bounding_box()
        assert bar
        assert top_of(heading) >= bar["y"] + bar["height"]


def top_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box
    return box["y"]


def test_a_dish_that_never_comes_is_given_up(stack: Stack, line: Line, guest: Window) -> None:
    page = guest.page
    page.clock.install()
    page.goto(line.by(stack.table_url))
    line.reception = Reception.DEAF
    link = page.get_by_role("link", name=DISH)
    link.click()
    expect(link).to_have_attribute("aria-busy", "true")
    page.clock.fast_forward(9_000)
    expect(page.get_by_text("Dafür fehlt gerade die Verbindung")).to_be_visible()
    expect(link).not_to_have_attribute("aria-busy", "true")
