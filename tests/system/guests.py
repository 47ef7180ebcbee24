"""Guests without a browser: they read the pages as a phone without script does."""

import asyncio
import re
from dataclasses import dataclass, field
from html import unescape

import httpx

_ITEM = re.compile(r'<a href="([^"]+/items/[^"]+)"')
_QUOTE = re.compile(r'name="quote"\s+value="([^"]+)"|value="([^"]+)"\s+name="quote"')
_NUMBER = re.compile(r"class=\"order-number[^>]*>(?:\s|<[^>]+>|[^<\d])*(\d+)")
# A dish of the demo that asks no questions.
DISH = "Bauernbrot mit Kräuterbutter"


def item_address(menu: str, dish: str = DISH) -> str:
    """Where a dish leads to in the page of a menu."""
    return next(
        url for url in _ITEM.findall(menu) if f'<a href="{url}" data-opens-sheet>{dish}' in menu
    )


def checkout_form(page: str, *, name: str = "Petra Probe") -> dict[str, str]:
    """The form of a checkout page for pickup, filled in."""
    found = _QUOTE.search(page)
    assert found, page
    return {"quote": unescape(found[1] or found[2]), "fulfilment": "pickup", "guest_name": name}


@dataclass
class Guest:
    """Somebody at the counter who orders for pickup."""

    http: httpx.AsyncClient
    menu_url: str
    orders: list[str] = field(default_factory=list[str])
    """Addresses of acknowledged orders."""

    async def choose(self, dish: str = DISH) -> None:
        """With an empty cart: one cart may not order as often as a test does."""
        self.http.cookies.clear()
        menu = (await self.http.get(self.menu_url)).raise_for_status().text
        await self._post(self._absolute(item_address(menu, dish)), {"quantity": "1"})

    async def offer(self) -> dict[str, str]:
        """The checkout's form, filled in."""
        page = await self.http.get(f"{self.menu_url}/checkout", params={"fulfilment": "pickup"})
        page.raise_for_status()
        return checkout_form(page.text)

    async def place(self, form: dict[str, str]) -> str:
        """The address of the order, once it is acknowledged; raises httpx.HTTPError otherwise."""
        answer = await self._post(f"{self.menu_url}/checkout", form)
        address = self._absolute(answer.headers["location"])
        self.orders.append(address)
        return address

    async def order(self) -> str:
        await self.choose()
        return await self.place(await self.offer())

    async def order_patiently(self, seconds: float) -> str:
        """As people do: presses the button again when no page comes, with the same offer."""
        form: dict[str, str] | None = None
        async with asyncio.timeout(seconds):
            while True:
                try:
                    if form is None:
                        await self.choose()
                        form = await self.offer()
                    return await self.place(form)
                except httpx.HTTPError:
                    await asyncio.sleep(0.2)

    async def _post(self, url: str, form: dict[str, str]) -> httpx.Response:
        """Raises httpx.HTTPError unless the form was accepted, which is always a redirect."""
        answer = await self.http.post(url, data=form)
        if answer.status_code != 303:
            raise httpx.HTTPStatusError(
                f"{answer.status_code} for {url}", request=answer.request, response=answer
            )
        return answer

    def _absolute(self, path: str) -> str:
        return str(httpx.URL(self.menu_url).join(path))


def guest(menu_url: str, *, address: str = "127.0.0.1") -> Guest:
    """`address` is where the guest seems to sit; all of 127.0.0.0/8 is this machine."""
    transport = httpx.AsyncHTTPTransport(local_address=address)
    return Guest(httpx.AsyncClient(transport=transport, timeout=20), menu_url)
