from dataclasses import replace

import httpx
import pytest
from sqlalchemy import update

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.settings import Settings
from menuvo_platform.stores.models import ServicePoint
from tests.menuvo_platform.conftest import browser, running_application
from tests.menuvo_platform.shop.restaurant import Guest


async def test_a_code_keeps_the_table_and_leads_to_the_menu(guest: Guest) -> None:
    answer = await guest.scan()
    assert (answer.status_code, answer.headers["location"]) == (302, guest.path)
    cookies = {c.partition("=")[0]: c for c in answer.headers.get_list("set-cookie")}
    assert set(cookies) == {"visit", "table"}
    assert "HttpOnly" in cookies["visit"]
    assert "HttpOnly" not in cookies["table"]
    for cookie in cookies.values():
        assert f"Path={guest.path};" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
    assert guest.cookie("table") == "Tisch 12"


async def test_over_https_the_cookies_are_secure(settings: Settings, guest: Guest) -> None:
    secure = replace(settings, public_url="https://menuvo.test")
    async with running_application(secure) as (_, application), browser(application) as client:
        answer = await client.get(f"/q/{guest.restaurant.table}")
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))


@pytest.mark.parametrize(
    ("accept", "expected"), [("en-GB,en;q=0.9", "/en"), ("de", ""), ("fr", ""), ("", "")]
)
async def test_the_menu_opens_in_the_language_of_the_browser(
    guest: Guest, accept: str, expected: str
) -> None:
    answer = await guest.client.get(
        f"/q/{guest.restaurant.table}", headers={"Accept-Language": accept}
    )
    assert answer.headers["location"] == f"{guest.path}{expected}"


async def test_who_ordered_in_a_language_finds_the_next_menu_in_it(guest: Guest) -> None:
    guest.language = "/en"
    await guest.add_beer()
    answer = await guest.client.get(
        f"/q/{guest.restaurant.table}", headers={"Accept-Language": "de"}
    )
    assert answer.headers["location"] == f"{guest.restaurant.path}/en"


@pytest.mark.parametrize("token", ["unknown", "x" * 300, "%00", "..%2f"])
async def test_an_unknown_code_is_explained_kindly(client: httpx.AsyncClient, token: str) -> None:
    answer = await client.get(f"/q/{token}")
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers
    english = await client.get("/q/unknown", headers={"Accept-Language": "en"})
    assert "We do not know this code" in english.text
    assert "ask the staff" in english.text


async def test_a_code_out_of_use_is_explained_and_the_menu_can_be_read(
    guest: Guest, owner_sessions: Sessions
) -> None:
    async with transaction(owner_sessions) as session:
        await session.execute(
            update(ServicePoint)
            .where(ServicePoint.token == guest.restaurant.table)
            .values(active=False)
        )
    answer = await guest.scan()
    assert answer.status_code == 410
    assert "Dieser Code gilt nicht mehr" in answer.text
    assert f'href="{guest.path}"' in answer.text
    assert "set-cookie" not in answer.headers
