import httpx
import pytest

from tests.menuvo_platform.shop.restaurant import Guest, words_of


async def test_the_worker_is_asked_for_each_time_and_looks_after_the_store_alone(
    guest: Guest,
) -> None:
    worker = await guest.client.get("/worker.js")
    assert worker.status_code == 200
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"
    menu = (await guest.client.get(f"{guest.path}/en")).text
    assert 'data-worker="/worker.js"' in menu
    assert f'data-scope="{guest.path}"' in menu


@pytest.mark.parametrize(
    ("language", "title"), [("", "Keine Verbindung"), ("/en", "No connection")]
)
async def test_the_page_without_a_network_is_the_same_for_everyone(
    guest: Guest, other: Guest, language: str, title: str
) -> None:
    await guest.scan()
    await guest.add_beer()
    page = await guest.client.get(f"{guest.path}{language}/offline")
    assert title in words_of(page.text)
    assert page.headers["cache-control"] == "public, no-cache"
    assert "set-cookie" not in page.headers
    assert page.text == (await other.client.get(f"{guest.path}{language}/offline")).text


@pytest.mark.parametrize("path", ["/cart", "/checkout", "/items/{beer}", "/imprint"])
async def test_what_is_one_guests_own_may_not_be_kept(guest: Guest, path: str) -> None:
    await guest.scan()
    await guest.add_beer()
    page = await guest.client.get(guest.path + path.format(beer=guest.restaurant.beer.handle))
    assert page.headers["cache-control"] == "no-store"


async def test_there_is_no_page_without_a_network_for_a_store_that_is_not(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/nowhere/offline")).status_code == 404
