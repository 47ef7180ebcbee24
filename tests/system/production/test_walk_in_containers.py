"""From a table's code to the kitchen, through TLS and everything that production puts between."""

from collections.abc import Generator

import pytest
from playwright.sync_api import Browser, expect

from tests.system.browsers import DESKTOP, PHONE, chromium, sign_in, window
from tests.system.clone import Stack
from tests.system.production.stack import DOMAIN, Production
from tests.system.test_walk import ALLERGY, order_at_table

pytestmark = [pytest.mark.core, pytest.mark.browser]

# An authority of Caddy's own, and names that are not in this machine's DNS.
FLAGS = ("--ignore-certificate-errors", "--host-resolver-rules=MAP *.localhost 127.0.0.1")


@pytest.fixture
def trusting() -> Generator[Browser]:
    with chromium(*FLAGS) as browser:
        yield browser


def test_an_order_reaches_the_kitchen(production: Production, trusting: Browser) -> None:
    base_url, demo = f"https://{DOMAIN}:{production.https_port}", production.demo
    stack = Stack(
        root=production.folder,
        base_url=base_url,
        menu_url=base_url + demo["menu_path"],
        table_url=base_url + demo["table_path"],
        console_url=base_url + demo["console_path"],
        logins={login["role"]: (login["email"], login["password"]) for login in demo["logins"]},
    )
    with window(trusting, DESKTOP) as kitchen, window(trusting, PHONE) as guest:
        sign_in(kitchen, stack, "kitchen")
        kitchen.page.get_by_role("link", name="Küche").first.click()
        kitchen.page.locator("[data-board]").wait_for()

        number = order_at_table(guest.page, stack)

        ticket = kitchen.page.locator(".ticket", has_text=number).first
        expect(ticket).to_contain_text("Tisch 1")
        expect(ticket).to_contain_text(ALLERGY)
        # A content security policy that refuses something of ours would say so here.
        assert kitchen.complaints == guest.complaints == []
        assert {cookie.get("secure") for cookie in guest.page.context.cookies()} == {True}
