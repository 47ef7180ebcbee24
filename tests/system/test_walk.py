"""From a table's code to the kitchen and back, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.system.browsers import DESKTOP, PHONE, Screen, Window, sign_in, window
from tests.system.clone import Stack

pytestmark = [pytest.mark.core, pytest.mark.browser]

ALLERGY = "Keine Nüsse bitte"


def order_at_table(page: Page, stack: Stack) -> str:
    """Scans, chooses, orders; answers the number that the guest is shown."""
    page.goto(stack.table_url)
    expect(page.get_by_text("Tisch 1", exact=True).first).to_be_visible()
    page.get_by_role("link", name="Bauernbrot mit Kräuterbutter").click()
    page.get_by_role("button", name=re.compile("Hinzufügen")).click()
    page.get_by_role("link", name=re.compile("Zur Bestellung|Weiter")).first.click()
    if "/checkout" not in page.url:
        page.get_by_role("link", name="Weiter").click()
    page.get_by_label("Allergien oder Unverträglichkeiten").fill(ALLERGY)
    expect(page.get_by_text("4,90 €").first).to_be_visible()
    page.get_by_role("button", name="Zahlungspflichtig bestellen", exact=True).click()
    page.wait_for_url("**/orders/*")
    number = re.search(r"\d+", page.title())
    assert number
    return number[0]


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=lambda screen: screen.name)
def test_an_order_reaches_the_kitchen_and_its_state_the_guest(
    stack: Stack, browser: Browser, screen: Screen
) -> None:
    with window(browser, DESKTOP) as kitchen, window(browser, screen) as guest:
        sign_in(kitchen, stack, "kitchen")
        kitchen.page.get_by_role("link", name="Küche").first.click()
        kitchen.page.locator("[data-board]").wait_for()

        number = order_at_table(guest.page, stack)

        ticket = kitchen.page.locator(".ticket", has_text=re.compile(rf"\b{number}\b")).first
        expect(ticket).to_contain_text("Tisch 1")
        expect(ticket).to_contain_text(ALLERGY)
        ticket.get_by_role("button", name="Anfangen").click()
        expect(guest.page.get_by_role("heading", level=1)).to_have_text(re.compile("zubereitet"))
        moved = kitchen.page.locator("[data-column=preparing] .ticket", has_text=number)
        expect(moved.first).to_be_visible()
        kitchen.page.get_by_role("button", name="Rückgängig").first.click()
        new = kitchen.page.locator("[data-column=confirmed] .ticket", has_text=number)
        expect(new.first).to_be_visible()
        expect(guest.page.get_by_role("heading", level=1)).not_to_have_text(
            re.compile("zubereitet")
        )
        assert kitchen.complaints == guest.complaints == []


def test_the_board_says_when_the_network_is_gone_and_when_it_is_back(
    stack: Stack, browser: Browser
) -> None:
    with window(browser, DESKTOP) as kitchen:
        sign_in(kitchen, stack, "kitchen")
        with kitchen.page.expect_response("**/board/events*"):
            kitchen.page.get_by_role("link", name="Küche").first.click()
        notice = kitchen.page.get_by_text("Keine Verbindung seit")

        kitchen.page.context.set_offline(True)
        expect(notice).to_be_visible(timeout=10_000)
        kitchen.page.context.set_offline(False)
        expect(notice).to_be_hidden(timeout=10_000)


def test_everything_can_be_ordered_without_script(stack: Stack, browser: Browser) -> None:
    with window(browser, PHONE, script=False) as guest:
        assert order_at_table_without_script(guest, stack) > 0


def order_at_table_without_script(guest: Window, stack: Stack) -> int:
    page = guest.page
    page.goto(stack.table_url)
    page.get_by_role("link", name="Bauernbrot mit Kräuterbutter").click()
    page.get_by_role("button", name=re.compile("Hinzufügen")).click()
    page.goto(stack.menu_url + "/cart")
    page.get_by_role("link", name="Weiter").click()
    page.get_by_role("button", name="Zahlungspflichtig bestellen", exact=True).click()
    page.wait_for_url("**/orders/*")
    number = re.search(r"\d+", page.title())
    assert number
    return int(number[0])
