"""A browser that signs in as a person does."""

import re
from dataclasses import dataclass

import httpx

from menuvo_platform.web.csrf import HEADER
from tests.menuvo_platform.accounts.people import UserRow
from tests.menuvo_platform.rows import StoreRow

PAGE = {"accept": "text/html", "accept-language": "de"}


@dataclass(frozen=True)
class AtWork:
    """Somebody signed in, in one store: paths are below the store's address."""

    client: httpx.AsyncClient
    base: str
    csrf: str

    async def get(self, path: str = "", **headers: str) -> httpx.Response:
        return await self.client.get(self.base + path, headers={**PAGE, **headers})

    async def post(
        self, path: str, form: dict[str, str] | None = None, *, htmx: bool = False, **fields: str
    ) -> httpx.Response:
        """A form as its page sends it, or as htmx does."""
        fields = {**(form or {}), **fields}
        headers = {**PAGE, "hx-request": "true", HEADER: self.csrf} if htmx else PAGE
        sent = fields if htmx else {"csrf": self.csrf, **fields}
        return await self.client.post(self.base + path, data=sent, headers=headers)

    async def upload(
        self, path: str, field: str, content: bytes, name: str = "file.csv"
    ) -> httpx.Response:
        return await self.client.post(
            self.base + path,
            data={"csrf": self.csrf},
            files={field: (name, content)},
            headers=PAGE,
        )


async def sign_in(client: httpx.AsyncClient, user: UserRow) -> str:
    """The login's CSRF token, as its pages carry it."""
    form = {"email": user.email, "password": user.password}
    answer = await client.post("/console/login", data=form, headers=PAGE)
    assert answer.status_code == 303, answer.text
    return await read_csrf(client)


async def go_to_work(client: httpx.AsyncClient, user: UserRow, store: StoreRow) -> AtWork:
    """Signed in as the user, at the store's address, theirs or not."""
    return AtWork(client, f"/console/stores/{store.id}", await sign_in(client, user))


async def read_csrf(client: httpx.AsyncClient) -> str:
    page = await client.get("/console/logins", headers=PAGE)
    return csrf_in(page.text)


def csrf_in(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', html)
    assert found, "the page has no form of this login"
    return found[1]
