"""Chromium, as guests and the kitchen use it."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from menuvo_ops.local.browser import provide_browser
from tests.system.clone import Stack

# No sandbox, because CI runs as root; no calls home, because a test's network has no outside.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 15_000
# One that asks no questions.
DISH = "Bauernbrot mit Kräuterbutter"


@dataclass(frozen=True)
class Screen:
    name: str
    width: int
    height: int


PHONE = Screen("phone", 390, 844)
DESKTOP = Screen("desktop", 1440, 900)


@dataclass
class Window:
    """A page, and what it complained about: broken scripts and refused contents are errors."""

    page: Page
    complaints: list[str] = field(default_factory=list[str])


@contextmanager
def chromium(*flags: str) -> Generator[Browser]:
    program = str(provide_browser(print))
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags])
        yield browser
        browser.close()


@contextmanager
def window(
    browser: Browser, screen: Screen = PHONE, *, language: str = "de-DE", script: bool = True
) -> Generator[Window]:
    """A window of its own, with cookies of its own."""
    context: BrowserContext = browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        locale=language,
        java_script_enabled=script,
        has_touch=screen is PHONE,
    )
    context.set_default_timeout(PATIENCE_MS)
    opened = Window(context.new_page())
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on(
        "console",
        lambda message: opened.complaints.append(message.text) if message.type == "error" else None,
    )
    yield opened
    context.close()


def sign_in(opened: Window, stack: Stack, role: str) -> None:
    email, password = stack.logins[role]
    opened.page.goto(stack.console_url)
    opened.page.get_by_label("E-Mail").fill(email)
    opened.page.get_by_label("Passwort").fill(password)
    opened.page.get_by_role("button", name="Anmelden").click()
    opened.page.get_by_role("link", name="Küche").first.wait_for()


def choose_dish(page: Page, menu_url: str) -> None:
    """Puts one dish into the cart, from the menu that is open or opened by a table's code."""
    page.get_by_role("link", name=DISH).click()
    page.get_by_role("button", name=re.compile("Hinzufügen")).click()
    expect(page.locator("[data-cart-pieces]")).to_have_text("1")
    page.wait_for_url(menu_url)
