"""A guest with bad reception, in a real browser: nothing typed is lost, nothing ordered twice."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from menuvo_platform.ids import new_token
from tests.system.browsers import DESKTOP, DISH, Window, choose_dish, sign_in, window
from tests.system.clone import Stack
from tests.system.lines import Line, Reception

pytestmark = [pytest.mark.core, pytest.mark.browser]

PLACE = "Zahlungspflichtig bestellen"
ALLERGY, NOTE = "Allergien oder Unverträglichkeiten", "Anmerkung zur Bestellung"


@pytest.fixture
def allergy() -> str:
    """What one guest alone writes, so that the kitchen finds the order of this test."""
    return f"Sellerie {new_token()[:8]}"


def check_out(page: Page, stack: Stack, line: Line, allergy: str) -> None:
    page.goto(line.by(stack.table_url))
    choose_dish(page, line.by(stack.menu_url))
    page.goto(line.by(stack.menu_url) + "/checkout")
    page.get_by_label(ALLERGY).fill(allergy)
    page.get_by_label(NOTE).fill("Mit Kerze")


def expect_everything_as_it_was(page: Page, allergy: str) -> None:
    expect(page.get_by_label(ALLERGY)).to_have_value(allergy)
    expect(page.get_by_label(NOTE)).to_have_value("Mit Kerze")
    button = page.get_by_role("button", name=PLACE, exact=True)
    expect(button).to_be_enabled()
    expect(button).not_to_have_attribute("aria-busy", "true")


def press(page: Page) -> None:
    page.get_by_role("button", name=PLACE, exact=True).click()


def expect_one_order(browser: Browser, stack: Stack, page: Page, allergy: str) -> None:
    """The guest is shown the order with the note, and the kitchen has it once."""
    page.wait_for_url("**/orders/*")
    expect(page.get_by_text(f"Allergien: {allergy}").last).to_be_visible()
    expect_one_ticket(browser, stack, allergy)


def expect_one_ticket(browser: Browser, stack: Stack, words: str) -> None:
    with window(browser, DESKTOP) as kitchen:
        sign_in(kitchen, stack, "kitchen")
        kitchen.page.get_by_role("link", name="Küche").first.click()
        expect(kitchen.page.locator(".ticket", has_text=words)).to_have_count(1)


def test_an_order_without_a_network_stays_as_it_was_and_can_be_pressed_again(
    stack: Stack, browser: Browser, line: Line, guest: Window, allergy: str
) -> None:
    page = guest.page
    check_out(page, stack, line, allergy)
    page.context.set_offline(True)
    press(page)
    expect(page.get_by_role("alert")).to_contain_text("Keine Verbindung")
    expect(page.get_by_role("alert")).to_contain_text("Bestellt wird auch dann nur einmal")
    expect_everything_as_it_was(page, allergy)

    page.context.set_offline(False)
    press(page)
    expect_one_order(browser, stack, page, allergy)


def test_an_order_whose_answer_is_lost_is_not_placed_twice(
    stack: Stack, browser: Browser, line: Line, guest: Window, allergy: str
) -> None:
    page = guest.page
    page.clock.install()
    check_out(page, stack, line, allergy)
    line.reception = Reception.DEAF
    press(page)
    expect(page.get_by_role("button", name="Wird gesendet")).to_be_visible()
    expect_one_ticket(browser, stack, allergy)
    page.clock.fast_forward(16_000)
    expect(page.get_by_role("alert")).to_contain_text("vielleicht nicht")
    expect_everything_as_it_was(page, allergy)

    line.reception = Reception.GOOD
    press(page)
    expect_one_order(browser, stack, page, allergy)


def test_an_allergy_note_changed_after_a_lost_answer_is_told_to_be_missing(
    stack: Stack, browser: Browser, line: Line, guest: Window, allergy: str
) -> None:
    page = guest.page
    page.clock.install()
    check_out(page, stack, line, allergy)
    line.reception = Reception.DEAF
    press(page)
    expect_one_ticket(browser, stack, allergy)
    page.clock.fast_forward(16_000)
    expect(page.get_by_role("alert")).to_contain_text("vielleicht nicht")
    line.reception = Reception.GOOD
    page.get_by_label(ALLERGY).fill("Erdnüsse")
    press(page)
    expect_one_order(browser, stack, page, allergy)
    told = page.get_by_role("alert")
    expect(told).to_contain_text("Ihre Änderung ist nicht angekommen")
    expect(told).to_contain_text(f"Allergien: {allergy}")
    page.reload()
    expect(told).to_be_visible()


def test_a_proxy_without_a_server_costs_nothing_that_was_typed(
    stack: Stack, browser: Browser, line: Line, guest: Window, allergy: str
) -> None:
    page = guest.page
    check_out(page, stack, line, allergy)
    line.reception = Reception.BROKEN
    press(page)
    expect(page.get_by_role("alert")).to_contain_text("warten Sie einige Sekunden")
    expect_everything_as_it_was(page, allergy)

    line.reception = Reception.GOOD
    press(page)
    expect_one_order(browser, stack, page, allergy)


def test_too_many_tries_are_told_without_losing_what_was_typed(
    stack: Stack, line: Line, guest: Window, allergy: str
) -> None:
    page = guest.page
    check_out(page, stack, line, allergy)
    page.route("**/checkout", too_many)
    press(page)
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"Zu schnell\s*Bitte warten Sie"))
    expect_everything_as_it_was(page, allergy)


def too_many(route: Route) -> None:
    page = "<main><div><p>429</p><h1>Zu schnell</h1><p>Bitte warten Sie.</p></div></main>"
    route.fulfill(status=429, content_type="text/html", body=page)


def test_a_double_click_is_one_request_and_one_order(
    stack: Stack, browser: Browser, line: Line, guest: Window, allergy: str
) -> None:
    page = guest.page
    check_out(page, stack, line, allergy)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_role("button", name=PLACE, exact=True).dblclick()
    expect_one_order(browser, stack, page, allergy)
    assert sent.count("POST") == 1


def test_the_release_before_which_only_redirects_leads_to_the_order_as_well(
    stack: Stack, browser: Browser, line: Line, guest: Window, allergy: str
) -> None:
    page = guest.page
    check_out(page, stack, line, allergy)
    page.route("**/checkout", as_sent_by_a_page)
    press(page)
    expect_one_order(browser, stack, page, allergy)


def as_sent_by_a_page(route: Route) -> None:
    sent = route.request.headers
    route.continue_(headers={name: sent[name] for name in sent if name != "x-menuvo-script"})


def test_a_form_with_a_mistake_is_shown_in_place_and_the_way_back_is_the_same(
    stack: Stack, line: Line, guest: Window
) -> None:
    page = guest.page
    page.goto(line.by(stack.table_url))
    choose_dish(page, line.by(stack.menu_url))
    page.goto(line.by(stack.menu_url) + "/cart")
    page.goto(line.by(stack.menu_url) + "/checkout?fulfilment=pickup")
    title = page.title()
    page.get_by_label(NOTE).fill("Mit Kerze")
    name = page.get_by_label("Ihr Name")
    name.fill("P")
    press(page)
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_be_focused()
    expect(name).to_have_value("P")
    expect(page.get_by_label(NOTE)).to_have_value("Mit Kerze")
    expect(page.locator(".shop-top [data-table]")).to_have_text("Tisch 1")
    assert page.title() == title

    name.fill("Petra")
    press(page)
    page.wait_for_url("**/orders/*")
    expect(page.get_by_text("Zum Abholen für Petra")).to_be_visible()
    page.go_back()
    page.wait_for_url("**/cart")


def test_an_offer_that_no_longer_holds_is_told_on_the_page_that_says_so(
    stack: Stack, line: Line, guest: Window, allergy: str
) -> None:
    page = guest.page
    check_out(page, stack, line, allergy)
    with page.context.expect_page() as opened:
        page.evaluate("window.open(location.pathname.replace('checkout', 'cart'))")
    other = opened.value
    other.get_by_role("button", name=f"{DISH} entfernen").click()
    expect(other.get_by_role("heading", name="Noch nichts ausgewählt")).to_be_visible()
    press(page)
    expect(page.get_by_role("heading", name="Das geht gerade nicht")).to_be_visible()
    page.get_by_role("link", name="Warenkorb ansehen").click()
    page.wait_for_url("**/cart")
