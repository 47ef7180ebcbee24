"""What a browser may tell of its errors, and what is kept of it."""

import json
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest
import structlog
from playwright.sync_api import Route
from structlog.testing import LogCapture

from menuvo_platform.settings import Settings
from menuvo_platform.web.allowance import Allowance
from menuvo_platform.web.browser_errors import MOST_BYTES
from menuvo_platform.web.platform import MOST_BROWSER_ERRORS
from tests.instances import running_instance
from tests.menuvo_ops.waiting import eventually
from tests.system.browsers import chromium

ADDRESS = "/dev/browser-errors"
STACK = (
    "TypeError: x of anna@example.org\n"
    "    at order (https://menuvo.test/static/0a1b2c/js/order.js:12:34)\n"
    "    at https://menuvo.test/static/0a1b2c/vendor/htmx.min.js:1:4711\n"
    "    at https://menuvo.test/haus/orders/0SecretToken1234?name=Anna:1:1"
)


@pytest.fixture
def heard() -> Generator[LogCapture]:
    heard, before = LogCapture(), structlog.get_config()
    structlog.configure(processors=[heard])
    yield heard
    structlog.configure(**before)


def told(heard: LogCapture) -> list[dict[str, object]]:
    return [dict(line) for line in heard.entries if line["event"] == "browser_failed"]


async def test_an_error_of_ours_is_kept_by_its_places_and_without_a_person(
    client: httpx.AsyncClient, heard: LogCapture
) -> None:
    body = {"message": "TypeError: 'Anna' has no anna@example.org", "stack": STACK}
    answer = await client.post(ADDRESS, json=body)
    assert (answer.status_code, answer.content) == (204, b"")
    [line] = told(heard)
    assert line == {
        "event": "browser_failed",
        "log_level": "error",
        "side": "browser",
        "error": "TypeError: '-' has no [e-mail]",
        "stack": "js/order.js:12:34\nvendor/htmx.min.js:1:4711",
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"message": "x", "stack": "at chrome-extension://abc/x.js:1:1"}, 204),
        ({"message": "x"}, 422),
        ({"message": 7, "stack": STACK}, 422),
        ({"message": "x" * MOST_BYTES, "stack": STACK}, 413),
    ],
    ids=["not ours", "half", "another shape", "too large"],
)
async def test_anything_else_is_not_kept(
    client: httpx.AsyncClient, heard: LogCapture, body: dict[str, object], status: int
) -> None:
    assert (await client.post(ADDRESS, json=body)).status_code == status
    assert told(heard) == []


async def test_another_site_tells_nothing(client: httpx.AsyncClient, heard: LogCapture) -> None:
    body = {"message": "x", "stack": STACK}
    answer = await client.post(ADDRESS, json=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert told(heard) == []


async def test_a_flood_is_cut(client: httpx.AsyncClient, heard: LogCapture) -> None:
    for _ in range(MOST_BROWSER_ERRORS + 5):
        answer = await client.post(ADDRESS, json={"message": "x", "stack": STACK})
        assert answer.status_code == 204
    assert len(told(heard)) <= MOST_BROWSER_ERRORS


def test_an_allowance_begins_anew_every_minute() -> None:
    now = 0.0
    allowance = Allowance(2, clock=lambda: now)
    assert [allowance.take() for _ in range(3)] == [True, True, False]
    now = 59.9
    assert not allowance.take()
    now = 60.0
    assert [allowance.take() for _ in range(3)] == [True, True, False]


@pytest.mark.browser
@pytest.mark.slow
def test_a_script_that_breaks_in_a_browser_is_a_line_of_the_log(
    settings: Settings, tmp_path: Path
) -> None:
    broken = "setTimeout(() => { throw new TypeError(\"no 'Anna' here\"); }, 0);"

    def serve(route: Route) -> None:
        route.fulfill(content_type="text/javascript", body=broken)

    started = running_instance(settings, tmp_path, DRAIN_SECONDS="0")
    with chromium() as browser, started as instance:
        page = browser.new_page()
        page.route("**/static/0a1b2c/js/broken-*.js", serve)
        page.goto(f"{instance.url}/dev/components")
        for number in range(5):
            page.evaluate(f"import('/static/0a1b2c/js/broken-{number}.js')")
        eventually(lambda: instance.log.read_text().count('"browser_failed"') == 3, within=30)
        page.evaluate("setTimeout(() => { throw new Error('of somebody else') }, 0)")
        page.close()
    lines = [json.loads(line) for line in instance.log.read_text().splitlines()]
    errors = {line["error"] for line in lines if line["event"] == "browser_failed"}
    assert errors == {"TypeError: no '-' here"}
