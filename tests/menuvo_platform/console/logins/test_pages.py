import re

import httpx
import pytest
from sqlalchemy import text

from menuvo_platform.accounts.service import FROM_ONE_PLACE
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.web.csrf import HEADER
from tests.menuvo_platform.accounts.people import UserRow
from tests.menuvo_platform.console.signing_in import PAGE, csrf_in, read_csrf, sign_in

pytestmark = pytest.mark.slow

ENGLISH = {**PAGE, "accept-language": "en"}


async def try_login(
    client: httpx.AsyncClient,
    email: str,
    password: str,
    *,
    headers: dict[str, str] = PAGE,
    **fields: str,
) -> httpx.Response:
    form = {"email": email, "password": password, **fields}
    return await client.post("/console/login", data=form, headers=headers)


async def test_the_login_page_speaks_the_language_of_the_browser(client: httpx.AsyncClient) -> None:
    german = await client.get("/console/login", headers=PAGE)
    english = await client.get("/console/login", headers=ENGLISH)
    assert (german.status_code, english.status_code) == (200, 200)
    assert "Anmelden" in german.text
    assert "Sign in" in english.text
    assert german.headers["cache-control"] == "no-store"


async def test_a_login_leads_on_and_its_cookie_is_out_of_reach(
    client: httpx.AsyncClient, owner: UserRow
) -> None:
    answer = await try_login(client, owner.email, owner.password, next="/console/logins")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/logins")
    cookies = answer.headers.get_list("set-cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["menuvo_login", "menuvo_known"]
    for cookie in cookies:
        assert {"HttpOnly", "SameSite=lax", "Path=/console"} <= set(cookie.split("; "))
    assert (await client.get("/console/logins", headers=PAGE)).status_code == 200


async def test_who_is_signed_in_already_is_led_on(
    client: httpx.AsyncClient, owner: UserRow
) -> None:
    await sign_in(client, owner)
    answer = await client.get("/console/login?next=/console/logins", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/logins")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/console",
        "//evil.example/console",
        "/\\evil.example",
        "/console\\..\\evil",
        "/consoleevil",
        "/console/login?next=/console/login",
        "javascript:alert(1)",
        "/console/x\r\nset-cookie: a=b",
        "/somewhere",
        "",
    ],
)
async def test_a_login_leads_nowhere_else(
    client: httpx.AsyncClient, owner: UserRow, elsewhere: str
) -> None:
    answer = await try_login(client, owner.email, owner.password, next=elsewhere)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")


async def test_a_page_of_the_console_asks_to_sign_in_and_comes_back(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/console/logins", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/console/login?next=%2Fconsole%2Flogins"


async def test_a_script_is_told_401(client: httpx.AsyncClient) -> None:
    answer = await client.get("/console/logins", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (401, "login_needed")


async def test_htmx_is_told_to_load_the_login_page(client: httpx.AsyncClient) -> None:
    headers = {"hx-request": "true", "hx-current-url": "http://menuvo.test/console/logins"}
    answer = await client.post("/console/logout", headers=headers)
    assert answer.headers["hx-redirect"] == "/console/login?next=%2Fconsole%2Flogins"


async def test_a_wrong_password_keeps_the_form_and_says_what_to_do(
    client: httpx.AsyncClient, owner: UserRow
) -> None:
    answer = await try_login(client, owner.email, "wrong", next="/console/logins")
    assert answer.status_code == 422
    assert "passen nicht zusammen" in answer.text
    assert f'value="{owner.email}"' in answer.text
    assert 'value="/console/logins"' in answer.text
    assert "wrong" not in re.sub(r"<[^>]*class=[^>]*>", "", answer.text)


async def test_an_unknown_address_is_told_the_same_as_a_wrong_password(
    client: httpx.AsyncClient, owner: UserRow
) -> None:
    wrong = await try_login(client, owner.email, "wrong")
    unknown = await try_login(client, "nobody@example.org", "wrong")
    assert wrong.text.replace(owner.email, "") == unknown.text.replace("nobody@example.org", "")
    assert wrong.status_code == unknown.status_code


async def test_what_is_left_empty_is_named(client: httpx.AsyncClient) -> None:
    answer = await try_login(client, "", "", headers=ENGLISH)
    assert answer.status_code == 422
    assert "Please enter your email address." in answer.text
    assert "Please enter your password." in answer.text


async def test_text_that_no_database_stores_is_a_wrong_password(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/console/login",
        content=b"email=a%00%ff@example.org&password=%00%ff",
        headers={**PAGE, "content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 422
    assert "passen nicht zusammen" in answer.text


async def test_what_is_no_form_at_all_is_an_empty_one(client: httpx.AsyncClient) -> None:
    answer = await client.post("/console/login", json={"email": "a"}, headers=PAGE)
    assert answer.status_code == 422


async def test_a_wrong_password_twenty_times_is_asked_to_wait_and_then_let_in(
    client: httpx.AsyncClient, owner: UserRow, owner_sessions: Sessions
) -> None:
    answers = [await try_login(client, owner.email, "wrong") for _ in range(20)]
    answer = answers[-1]
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= FROM_ONE_PLACE.seconds
    assert "zu viele Versuche" in answer.text
    assert f'value="{owner.email}"' in answer.text
    assert "too often" in (await try_login(client, owner.email, "x", headers=ENGLISH)).text
    assert (await try_login(client, owner.email, owner.password)).status_code == 429
    async with transaction(owner_sessions) as session:
        await session.execute(
            text("UPDATE throttles SET window_started_at = now() - interval '1h'")
        )
    assert (await try_login(client, owner.email, owner.password)).status_code == 303


async def test_logging_out_ends_the_login_for_whoever_has_its_cookie(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, owner: UserRow
) -> None:
    csrf = await sign_in(client, owner)
    stolen = client.cookies["menuvo_login"]
    answer = await client.post("/console/logout", data={"csrf": csrf}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login?ended")
    assert "menuvo_login" not in client.cookies
    other_client.cookies.set("menuvo_login", stolen)
    assert (await other_client.get("/console/logins", headers=PAGE)).status_code == 303
    page = await client.get("/console/login?ended", headers=PAGE)
    assert "Sie sind abgemeldet." in page.text


async def test_another_device_is_signed_out_from_the_list(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, owner: UserRow
) -> None:
    other_client.headers["user-agent"] = "Mozilla/5.0 (iPad; CPU OS 18_0) Version/18.0 Safari/604.1"
    await sign_in(other_client, owner)
    csrf = await sign_in(client, owner)
    page = await client.get("/console/logins", headers=PAGE)
    assert "Safari, iPad" in page.text
    assert page.text.count("Dieses Gerät") == 1
    ends = re.findall(r'action="(/console/logins/[0-9a-f-]+/end)"', page.text)
    assert len(ends) == 1
    answer = await client.post(ends[0], data={"csrf": csrf}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/logins")
    assert (await other_client.get("/console/logins", headers=PAGE)).status_code == 303
    assert (await client.get("/console/logins", headers=PAGE)).status_code == 200


async def test_the_login_of_somebody_else_is_not_there(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, owner: UserRow, stranger: UserRow
) -> None:
    await sign_in(other_client, stranger)
    await sign_in(other_client, stranger)
    page = await other_client.get("/console/logins", headers=PAGE)
    ends = re.findall(r'action="(/console/logins/[0-9a-f-]+/end)"', page.text)
    csrf = await sign_in(client, owner)
    answer = await client.post(ends[0], data={"csrf": csrf}, headers=PAGE)
    assert answer.status_code == 404


@pytest.mark.parametrize("said", [None, "", "0" * 64, "ä"])
async def test_a_change_without_the_token_of_its_login_is_refused(
    client: httpx.AsyncClient, owner: UserRow, said: str | None
) -> None:
    await sign_in(client, owner)
    form = {} if said is None else {"csrf": said}
    answer = await client.post("/console/logout", data=form, headers=PAGE)
    assert answer.status_code == 403
    assert "früheren Anmeldung" in answer.text
    assert (await client.get("/console/logins", headers=PAGE)).status_code == 200


async def test_the_token_of_another_login_is_refused(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, owner: UserRow
) -> None:
    await sign_in(client, owner)
    theirs = await sign_in(other_client, owner)
    answer = await client.post("/console/logout", data={"csrf": theirs}, headers=PAGE)
    assert answer.status_code == 403


async def test_a_script_says_the_token_in_a_header(
    client: httpx.AsyncClient, owner: UserRow
) -> None:
    csrf = await sign_in(client, owner)
    answer = await client.post("/console/logout", headers={**PAGE, HEADER: csrf})
    assert answer.status_code == 303


async def test_a_form_of_another_site_is_refused_before_its_token_counts(
    client: httpx.AsyncClient, owner: UserRow
) -> None:
    csrf = await sign_in(client, owner)
    headers = {**PAGE, "sec-fetch-site": "cross-site"}
    answer = await client.post("/console/logout", data={"csrf": csrf}, headers=headers)
    assert answer.status_code == 403
    assert "fremden Seite" in answer.text
    assert await read_csrf(client) == csrf_in((await client.get("/console/logins")).text)
