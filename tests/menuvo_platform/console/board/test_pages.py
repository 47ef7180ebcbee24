import asyncio
import itertools
import re

import httpx
import pytest
from sqlalchemy import func, select

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id, new_token
from menuvo_platform.orders.models import Order, OrderEvent
from menuvo_platform.orders.schemas import PlacedOrder
from tests.menuvo_platform.accounts.people import UserRow
from tests.menuvo_platform.console.board.diners import Diner, poll, sit_down, tap
from tests.menuvo_platform.console.signing_in import AtWork, go_to_work
from tests.menuvo_platform.rows import StoreRow, add_store

pytestmark = pytest.mark.slow


@pytest.fixture
async def work(client: httpx.AsyncClient, store: StoreRow, cook: UserRow) -> AtWork:
    return await go_to_work(client, cook, store)


@pytest.fixture
async def diner(sessions: Sessions, owner_sessions: Sessions, store: StoreRow) -> Diner:
    return await sit_down(sessions, owner_sessions, store)


async def state_of(owner_sessions: Sessions, order: PlacedOrder) -> str:
    async with transaction(owner_sessions) as session:
        return (await session.execute(select(Order.state).where(Order.id == order.id))).scalar_one()


async def events_of(owner_sessions: Sessions, order: PlacedOrder) -> int:
    async with transaction(owner_sessions) as session:
        counted = select(func.count()).where(OrderEvent.order_id == order.id)
        return (await session.execute(counted)).scalar_one()


async def test_an_empty_board_says_so_and_how_to_be_followed(work: AtWork) -> None:
    page = await work.get("/board")
    assert page.status_code == 200
    assert "Nichts Neues." in page.text
    assert f'data-events="{work.base}/board/events"' in page.text
    assert 'data-revision="0"' in page.text
    assert 'http-equiv="refresh"' in page.text


async def test_an_order_is_on_the_board_with_all_that_the_kitchen_needs(
    work: AtWork, diner: Diner
) -> None:
    order = await diner.order(allergy_note="<b>Nüsse</b>", note="zusammen")
    page = await work.get("/board")
    assert f'data-ticket="{order.id}"' in page.text
    assert "Allergie: &lt;b&gt;Nüsse&lt;/b&gt;" in page.text
    assert "zusammen" in page.text
    assert "Tisch 12" in page.text
    assert 'data-revision="1"' in page.text


async def test_one_tap_forward_and_one_back_all_the_way(
    work: AtWork, owner_sessions: Sessions, diner: Diner
) -> None:
    order = await diner.order()
    steps = list(itertools.pairwise(["confirmed", "preparing", "ready", "completed"]))
    for before, after in steps:
        answer = await tap(work, order, "forward", before)
        assert answer.status_code == 200
        [ticket] = answer.json()["tickets"]
        assert (ticket["id"], ticket["state"]) == (str(order.id), after)
        assert f'data-state="{after}"' in ticket["html"]
    for after, before in reversed(steps):
        answer = await tap(work, order, "back", before)
        assert answer.json()["tickets"][0]["state"] == after
    assert await state_of(owner_sessions, order) == "confirmed"
    assert await events_of(owner_sessions, order) == 1 + 6


async def test_a_double_tap_moves_one_step(
    work: AtWork, owner_sessions: Sessions, diner: Diner
) -> None:
    order = await diner.order()
    answers = [await tap(work, order, "forward", "confirmed") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["tickets"][0]["state"] == "preparing"
    assert answers[0].json()["revision"] == answers[1].json()["revision"] == 2
    assert await state_of(owner_sessions, order) == "preparing"


async def test_of_many_people_at_once_one_moves_it_and_all_see_the_same(
    work: AtWork, owner_sessions: Sessions, diner: Diner
) -> None:
    order = await diner.order()
    answers = await asyncio.gather(*(tap(work, order, "forward", "confirmed") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {answer.json()["tickets"][0]["state"] for answer in answers} == {"preparing"}
    assert await events_of(owner_sessions, order) == 2


async def test_a_tap_whose_answer_was_lost_counts_once_although_the_order_was_moved_back(
    work: AtWork, owner_sessions: Sessions, diner: Diner
) -> None:
    order, lost = await diner.order(), new_token()
    await tap(work, order, "forward", "confirmed", key=lost)
    await tap(work, order, "back", "preparing")
    answer = await tap(work, order, "forward", "confirmed", key=lost)
    assert (answer.status_code, answer.json()["revision"]) == (200, 3)
    assert answer.json()["tickets"][0]["state"] == "confirmed"
    assert await state_of(owner_sessions, order) == "confirmed"


async def test_a_tap_that_was_refused_counts_as_sent_too(
    work: AtWork, owner_sessions: Sessions, diner: Diner
) -> None:
    order, lost = await diner.order(), new_token()
    await tap(work, order, "forward", "confirmed")
    assert (await tap(work, order, "forward", "confirmed", key=lost)).status_code == 409
    await tap(work, order, "back", "preparing")
    assert (await tap(work, order, "forward", "confirmed", key=lost)).status_code == 200
    assert await state_of(owner_sessions, order) == "confirmed"


async def test_a_key_of_another_tap_is_refused_in_words(
    work: AtWork, owner_sessions: Sessions, diner: Diner
) -> None:
    order, key = await diner.order(), new_token()
    await tap(work, order, "forward", "confirmed", key=key)
    answer = await tap(work, order, "back", "preparing", key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "request_key.used")
    assert "schon etwas anderes" in answer.json()["message"]
    assert await state_of(owner_sessions, order) == "preparing"


@pytest.mark.parametrize(
    ("move", "from_state"),
    [
        ("forward", ""),
        ("forward", "completed"),
        ("forward", "cancelled"),
        ("forward", "awaiting_payment"),
        ("back", "confirmed"),
        ("back", "nonsense"),
    ],
)
async def test_a_move_that_there_is_not_is_refused(
    work: AtWork, owner_sessions: Sessions, diner: Diner, move: str, from_state: str
) -> None:
    order = await diner.order()
    assert (await tap(work, order, move, from_state)).status_code == 422
    assert await state_of(owner_sessions, order) == "confirmed"


async def test_the_order_of_another_store_is_not_there(
    work: AtWork, sessions: Sessions, owner_sessions: Sessions
) -> None:
    elsewhere = await sit_down(sessions, owner_sessions, await add_store(owner_sessions))
    theirs = await elsewhere.order()
    assert (await tap(work, theirs, "forward", "confirmed")).status_code == 404
    unknown = PlacedOrder(new_id(), 1, "")
    assert (await tap(work, unknown, "forward", "confirmed")).status_code == 404
    assert await state_of(owner_sessions, theirs) == "confirmed"


async def test_without_script_a_tap_is_a_form(
    work: AtWork, owner_sessions: Sessions, diner: Diner
) -> None:
    order = await diner.order()
    page = await work.get("/board")
    [action] = re.findall(r'action="([^"]+/forward)"', page.text)
    path = action.removeprefix(work.base)
    answer = await work.post(path, {"from": "confirmed"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{work.base}/board#ticket-{order.id}"
    late = await work.post(path, {"from": "confirmed"})
    assert late.status_code == 409
    assert "hatte schon jemand weitergestellt" in late.text
    assert f'data-ticket="{order.id}"' in late.text
    assert await state_of(owner_sessions, order) == "preparing"


async def test_polling_tells_what_is_newer_and_nothing_else(work: AtWork, diner: Diner) -> None:
    assert (await poll(work, 0)).status_code == 204
    first, second = await diner.order(), await diner.order()
    both = (await poll(work, 0)).json()
    assert both["revision"] == 2
    assert [ticket["id"] for ticket in both["tickets"]] == [str(first.id), str(second.id)]
    only = (await poll(work, 1)).json()
    assert [ticket["id"] for ticket in only["tickets"]] == [str(second.id)]
    assert (await poll(work, 2)).status_code == 204


@pytest.mark.parametrize("after", ["", "-1", "x", "9" * 40, "1.5"])
async def test_a_reader_who_knows_nothing_sensible_gets_everything(
    work: AtWork, diner: Diner, after: str
) -> None:
    await diner.order()
    answer = await work.client.get(
        f"{work.base}/board/changes",
        params={"after": after},
        headers={"accept": "application/json"},
    )
    assert answer.json()["revision"] == 1


async def test_a_cancelled_order_leaves_the_board(
    work: AtWork, owner_sessions: Sessions, diner: Diner
) -> None:
    from sqlalchemy import update

    order = await diner.order()
    async with transaction(owner_sessions) as session:
        await session.execute(
            update(Order).where(Order.id == order.id).values(state="cancelled", revision=2)
        )
    [ticket] = (await poll(work, 1)).json()["tickets"]
    assert (ticket["state"], ticket["html"]) == ("cancelled", "")
    assert str(order.id) not in (await work.get("/board")).text
