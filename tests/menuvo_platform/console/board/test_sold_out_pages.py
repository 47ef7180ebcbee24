import asyncio
import re
import time
from pathlib import Path

import httpx
import pytest

from menuvo_platform.db.session import Sessions
from menuvo_platform.ids import new_id
from menuvo_platform.settings import Settings
from tests.instances import running_instance
from tests.menuvo_platform.accounts.people import UserRow
from tests.menuvo_platform.console.signing_in import AtWork, go_to_work
from tests.menuvo_platform.menus.dishes import Dish, add_item
from tests.menuvo_platform.rows import StoreRow, add_store


@pytest.fixture
async def work(client: httpx.AsyncClient, store: StoreRow, cook: UserRow) -> AtWork:
    return await go_to_work(client, cook, store)


@pytest.fixture
async def soup(owner_sessions: Sessions, store: StoreRow) -> Dish:
    return await add_item(owner_sessions, store, "Suppe", 790, kitchen_name="SUPPE")


async def test_the_list_is_a_page_and_a_piece_of_the_board(
    work: AtWork, owner_sessions: Sessions, store: StoreRow, soup: Dish
) -> None:
    await add_item(owner_sessions, store, "Braten", 1990)
    page = await work.get("/board/sold-out")
    assert "<html" in page.text
    assert "SUPPE" in page.text
    assert "Braten" in page.text
    piece = await work.get("/board/sold-out", **{"hx-request": "true"})
    assert "<html" not in piece.text
    assert "SUPPE" in piece.text


@pytest.mark.parametrize(
    ("until", "words"), [("tomorrow", "Ausverkauft bis"), ("undone", "bis auf Weiteres")]
)
async def test_what_is_sold_out_stands_first_and_can_be_put_back(
    work: AtWork, owner_sessions: Sessions, store: StoreRow, soup: Dish, until: str, words: str
) -> None:
    braten = await add_item(owner_sessions, store, "Braten", 1990)
    piece = await work.post(f"/board/sold-out/{braten.id}", htmx=True, until=until)
    assert words in piece.text
    assert piece.text.index("Braten") < piece.text.index("SUPPE")
    back = await work.post(f"/board/sold-out/{braten.id}", until="back")
    assert (back.status_code, back.headers["location"]) == (303, f"{work.base}/board/sold-out")
    assert "Wieder da" not in (await work.get("/board/sold-out")).text


async def test_the_item_of_another_store_is_not_there(
    work: AtWork, owner_sessions: Sessions
) -> None:
    theirs = await add_item(owner_sessions, await add_store(owner_sessions), "Fremd", 100)
    for item_id in (theirs.id, new_id()):
        answer = await work.post(f"/board/sold-out/{item_id}", until="tomorrow")
        assert answer.status_code == 404


@pytest.mark.slow
async def test_a_tap_reaches_the_menu_of_both_instances_within_a_second(
    settings: Settings, tmp_path: Path, store: StoreRow, cook: UserRow, soup: Dish
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with (
        running_instance(settings, tmp_path / "a", DRAIN_SECONDS="0") as one,
        running_instance(settings, tmp_path / "b", DRAIN_SECONDS="0") as other,
    ):
        async with httpx.AsyncClient(base_url=one.url) as client:
            work = await go_to_work(client, cook, store)
            menus = [f"{instance.url}/{store.slug}" for instance in (one, other)]
            for menu in menus:
                assert not is_sold_out((await client.get(menu)).text)
            await work.post(f"/board/sold-out/{soup.id}", until="undone")
            asked = time.monotonic()
            for menu in menus:
                while not is_sold_out((await client.get(menu)).text):
                    assert time.monotonic() - asked < 1
                    await asyncio.sleep(0.02)


def is_sold_out(html: str) -> bool:
    main = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert "Suppe" in main
    return "usverkauft" in main
