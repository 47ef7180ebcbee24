"""Mechanism 2: events of a store are in commit order, by stream and by polling alike."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from menuvo_platform.accounts.service import end_login, find_person
from menuvo_platform.console.access import find_access
from menuvo_platform.console.board.following import Follower
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.errors import LoginNeeded, NotFound
from menuvo_platform.settings import Settings
from menuvo_platform.web.feed import LOOK_SECONDS_WITHOUT_REDIS
from menuvo_platform.web.logins import SignedIn
from menuvo_platform.web.platform import Platform
from tests.instances import running_instance
from tests.menuvo_platform.accounts.people import UserRow
from tests.menuvo_platform.console.board.diners import poll, sit_down, tap
from tests.menuvo_platform.console.signing_in import AtWork, go_to_work
from tests.menuvo_platform.rows import StoreRow

pytestmark = pytest.mark.slow

Change: TypeAlias = dict[str, Any]


async def read_events(response: httpx.Response) -> AsyncIterator[tuple[int, Change]]:
    """The changes of a stream: id and data."""
    revision = 0
    async for line in response.aiter_lines():
        if line.startswith("id: "):
            revision = int(line.removeprefix("id: "))
        elif line.startswith("data: {"):
            yield revision, json.loads(line.removeprefix("data: "))


async def follow(
    work: AtWork,
    until: int,
    *,
    started: asyncio.Event | None = None,
    last_event_id: int | None = None,
) -> list[tuple[int, Change]]:
    events: list[tuple[int, Change]] = []
    accepts = {"accept": "text/event-stream"}
    if last_event_id is not None:
        accepts["last-event-id"] = str(last_event_id)
    async with work.client.stream("GET", f"{work.base}/board/events", headers=accepts) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        if started is not None:
            started.set()
        async for event in read_events(response):
            events.append(event)
            if event[0] >= until:
                break
    return events


def states(changes: list[Change]) -> dict[str, str]:
    """The last state of each ticket, as a board that takes one change after the other shows it."""
    shown: dict[str, str] = {}
    for change in changes:
        for ticket in change["tickets"]:
            shown[ticket["id"]] = ticket["state"]
    return shown


@pytest.mark.slow
async def test_two_kitchens_see_every_move_in_order_while_both_tap_at_once(
    settings: Settings,
    tmp_path: Path,
    sessions: Sessions,
    owner_sessions: Sessions,
    store: StoreRow,
    cook: UserRow,
) -> None:
    diner = await sit_down(sessions, owner_sessions, store)
    orders = [await diner.order() for _ in range(4)]
    last = 4 + 4 * 3
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with (
        running_instance(settings, tmp_path / "a", DRAIN_SECONDS="0") as one,
        running_instance(settings, tmp_path / "b", DRAIN_SECONDS="0") as other,
    ):
        async with (
            httpx.AsyncClient(base_url=one.url, timeout=20) as first,
            httpx.AsyncClient(base_url=other.url, timeout=20) as second,
        ):
            kitchens = [await go_to_work(client, cook, store) for client in (first, second)]
            watching = [asyncio.create_task(follow(work, last)) for work in kitchens]
            for from_state in ("confirmed", "preparing", "ready"):
                answers = await asyncio.gather(
                    *(
                        tap(work, order, "forward", from_state)
                        for order in orders
                        for work in kitchens
                    )
                )
                assert sum(answer.status_code == 200 for answer in answers) == len(orders)
            async with asyncio.timeout(20):
                streams = await asyncio.gather(*watching)
            polled = (await poll(kitchens[0], 0)).json()
            resumed = await follow(kitchens[1], last, last_event_id=last - 2)
    for events in streams:
        revisions = [revision for revision, _ in events]
        assert revisions == sorted(set(revisions))
        assert revisions == [change["revision"] for _, change in events]
        assert states([change for _, change in events]) == states([polled])
    assert set(states([polled]).values()) == {"completed"}
    assert polled["revision"] == last
    assert [revision for revision, _ in resumed] == [last]
    assert len(resumed[0][1]["tickets"]) == 2


async def test_an_order_reaches_a_board_at_once_and_not_at_its_next_look(
    settings: Settings,
    platform: Platform,
    tmp_path: Path,
    sessions: Sessions,
    owner_sessions: Sessions,
    store: StoreRow,
    cook: UserRow,
) -> None:
    diner = await sit_down(sessions, owner_sessions, store)
    with running_instance(settings, tmp_path, DRAIN_SECONDS="0") as instance:
        async with httpx.AsyncClient(base_url=instance.url, timeout=20) as client:
            work = await go_to_work(client, cook, store)
            started = asyncio.Event()
            watching = asyncio.create_task(follow(work, 1, started=started))
            await started.wait()
            order = await diner.order()
            async with asyncio.timeout(LOOK_SECONDS_WITHOUT_REDIS):
                await platform.feed.announce(store.id)
                [(revision, change)] = await watching
    assert revision == 1
    assert change["tickets"][0]["id"] == str(order.id)
    assert "Suppe" in change["tickets"][0]["html"]


@pytest.fixture
async def follower(
    platform: Platform, client: httpx.AsyncClient, store: StoreRow, cook: UserRow
) -> Follower:
    work = await go_to_work(client, cook, store)
    token = client.cookies["menuvo_login"]
    person = await find_person(platform.sessions, token, platform.clock())
    assert person is not None
    access = await find_access(
        platform.sessions, SignedIn(person, token, work.csrf), store.id, platform.clock()
    )
    return Follower(platform, access)


async def test_who_may_watch_goes_on_watching(follower: Follower) -> None:
    await follower.recheck()


async def test_a_revoked_login_watches_no_more(follower: Follower, platform: Platform) -> None:
    person = follower.access.signed_in.person
    await end_login(platform.sessions, person, person.login_id, platform.clock())
    with pytest.raises(LoginNeeded):
        await follower.recheck()


async def test_who_lost_the_store_watches_no_more(
    follower: Follower, owner_sessions: Sessions
) -> None:
    from sqlalchemy import delete

    from menuvo_platform.accounts.models import Membership

    async with transaction(owner_sessions) as session:
        user_id = follower.access.signed_in.person.user_id
        await session.execute(delete(Membership).where(Membership.user_id == user_id))
    with pytest.raises(NotFound):
        await follower.recheck()
