"""A browser that signs in as a person does."""

import re

import httpx

from tests.menuvo_platform.accounts.people import UserRow

PAGE = {"accept": "text/html", "accept-language": "de"}


async def sign_in(client: httpx.AsyncClient, user: UserRow) -> str:
    """The login's CSRF token, as its pages carry it."""
    form = {"email": user.email, "password": user.password}
    answer = await client.post("/console/login", data=form, headers=PAGE)
    assert answer.status_code == 303, answer.text
    return await read_csrf(client)


async def read_csrf(client: httpx.AsyncClient) -> str:
    page = await client.get("/console/logins", headers=PAGE)
    return csrf_in(page.text)


def csrf_in(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', html)
    assert found, "the page has no form of this login"
    return found[1]
