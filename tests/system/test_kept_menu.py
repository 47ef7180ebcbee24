"""The last menu that a guest has read opens without a network, in a real browser."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.system.browsers import DISH, PATIENCE_MS, Window, choose_dish
from tests.system.clone import Stack
from tests.system.lines import Line, Reception

pytestmark = [pytest.mark.core, pytest.mark.browser]

KEPT = re.compile(r"Sie lesen die Karte, wie sie um \d\d:\d\d Uhr war")
PATHS = """async () => {
  const paths = [];
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    paths.push(...requests.map(({ url }) => new URL(url).pathname));
  }
  return paths;
}"""
SCOPES = """async () => (await navigator.serviceWorker.getRegistrations())
    .map(({ scope }) => new URL(scope).pathname)"""
LEFT_BEHIND = """async () => {
  const fill = async (name, paths) => {
    const cache = await caches.open(name);
    for (const path of paths) await cache.put(path, new Response("<html>"));
  };
  await fill("menuvo-menus-1", [...Array(8).keys()].map((n) => `/old-${n}`));
  await fill("menuvo-menus-1", ["/static/000000000000/js/old.js"]);
  await fill("menuvo-pictures-1", [...Array(300).keys()].map((n) => `/media/m/${n}/320.webp`));
}"""
MAY_BE_KEPT = re.compile(
    r"/[a-z0-9-]+(/[a-z]{2})?(/offline)?|/static/[0-9a-f]{12}/.+|/media/m/.+/320\.webp"
)


def until(page: Page, condition: str) -> None:
    """Playwright's own wait takes a promise for an answer."""
    page.evaluate(f"""async () => {{
        const end = Date.now() + {PATIENCE_MS};
        while (!(await ({condition}))) {{
            if (Date.now() > end) throw new Error("not within {PATIENCE_MS} ms");
            await new Promise((later) => setTimeout(later, 50));
        }}
    }}""")


def read_menu(page: Page, url: str) -> None:
    """Until it is kept."""
    page.goto(url)
    until(page, "caches.match(location.pathname)")


def expect_readable(page: Page) -> None:
    """With its style, its script and its first pictures."""
    expect(page.get_by_role("link", name=DISH)).to_be_visible()
    expect(page.locator(".item").first).to_have_css("display", "grid")
    expect(page.locator("[data-category-bar] [aria-current=true]")).to_have_count(1)
    until(page, "document.querySelector('.item-picture').naturalWidth > 0")


def test_the_first_menu_that_was_opened_opens_again_without_a_network(
    stack: Stack, line: Line, guest: Window
) -> None:
    page = guest.page
    read_menu(page, line.by(stack.table_url))
    expect_readable(page)
    expect(page.get_by_text(KEPT)).to_be_hidden()
    until(page, "caches.match(document.querySelector('.item-picture').src)")

    page.context.set_offline(True)
    page.reload()
    expect_readable(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page.get_by_text("Zum Bestellen brauchen Sie eine Verbindung")).to_be_visible()
    expect(page.locator(".store-facts [data-table]")).to_have_text("Tisch 1")

    page.context.set_offline(False)
    page.get_by_role("link", name="Noch einmal versuchen").click()
    expect(page.get_by_text(KEPT)).to_be_hidden()
    expect_readable(page)


def test_a_menu_of_another_day_says_which_day_that_was(
    stack: Stack, line: Line, guest: Window
) -> None:
    page = guest.page
    read_menu(page, line.by(stack.menu_url))
    today = datetime.now().astimezone()
    page.clock.set_fixed_time(today + timedelta(days=1))
    page.context.set_offline(True)
    page.reload()
    kept = page.get_by_text(re.compile(r"wie sie am \d+\. \w+ um \d\d:\d\d Uhr war"))
    expect(kept).to_contain_text(f"am {today.day}.")


@pytest.mark.parametrize("reception", [Reception.DEAF, Reception.BROKEN])
def test_a_menu_that_the_server_does_not_send_is_read_as_it_was(
    stack: Stack, line: Line, guest: Window, reception: Reception
) -> None:
    page = guest.page
    read_menu(page, line.by(stack.menu_url))
    line.reception = reception
    page.reload()
    expect_readable(page)
    expect(page.get_by_text(KEPT)).to_be_visible()


def test_a_page_that_is_not_kept_says_so_and_leads_back_to_the_menu(
    stack: Stack, line: Line, guest: Window
) -> None:
    page = guest.page
    read_menu(page, line.by(stack.menu_url) + "/en")
    page.context.set_offline(True)
    page.goto(line.by(stack.menu_url) + "/en/cart")
    expect(page.get_by_role("heading", level=1, name="No connection")).to_be_visible()
    page.get_by_role("link", name="Back to the menu").first.click()
    expect(page.get_by_text("You are reading the menu as it was at")).to_be_visible()

    page.goto(line.by(stack.menu_url) + "/en/cart")
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1, name="Your order")).to_be_visible()


def test_a_language_that_is_not_kept_is_said_without_leaving_the_menu(
    stack: Stack, line: Line, guest: Window
) -> None:
    page = guest.page
    read_menu(page, line.by(stack.menu_url))
    page.context.set_offline(True)
    page.get_by_role("link", name=re.compile("English")).click()
    expect(page.get_by_text("Dafür fehlt gerade die Verbindung")).to_be_visible()
    page.context.set_offline(False)
    read_menu(page, line.by(stack.menu_url) + "/en")
    page.goto(line.by(stack.menu_url))
    page.context.set_offline(True)
    page.get_by_role("link", name=re.compile("English")).click()
    page.wait_for_url("**/en")


def test_nothing_but_menus_and_what_they_need_is_kept(
    stack: Stack, line: Line, guest: Window
) -> None:
    page = guest.page
    read_menu(page, line.by(stack.table_url))
    choose_dish(page, line.by(stack.menu_url))
    page.goto(line.by(stack.menu_url) + "/cart")
    page.get_by_role("link", name="Weiter").click()
    page.get_by_role("button", name="Zahlungspflichtig bestellen", exact=True).click()
    page.wait_for_url("**/orders/*")
    page.goto(line.by(stack.base_url) + "/console/login")
    kept = page.evaluate(PATHS)
    assert [path for path in kept if not MAY_BE_KEPT.fullmatch(path)] == []
    pages = {path for path in kept if not path.startswith(("/static/", "/media/"))}
    menu = stack.menu_url.removeprefix(stack.base_url)
    assert pages == {menu, f"{menu}/offline"}
    assert page.evaluate(SCOPES) == [menu]


def test_what_no_kept_menu_needs_any_more_is_removed(
    stack: Stack, line: Line, guest: Window
) -> None:
    page = guest.page
    read_menu(page, line.by(stack.menu_url))
    page.evaluate(LEFT_BEHIND)
    page.reload()
    until(page, "caches.match('/static/000000000000/js/old.js').then((found) => !found)")
    until(page, "caches.match('/old-0').then((found) => !found)")
    page.locator(".item-picture").last.scroll_into_view_if_needed()
    until(
        page,
        "caches.open('menuvo-pictures-1').then((c) => c.keys()).then((all) => all.length <= 200)",
    )
