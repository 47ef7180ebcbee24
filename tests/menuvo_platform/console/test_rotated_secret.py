"""While AUTH_SECRET is rotated two instances serve at once, and neither refuses what the other one
has given out. Guests and staff meet either, from one request to the next."""

from dataclasses import replace

import httpx
import pytest

from menuvo_platform.settings import Redacted, Settings
from menuvo_platform.web.csrf import HEADER
from menuvo_platform.web.logins import KNOWN_COOKIE
from tests.menuvo_platform.accounts.people import UserRow
from tests.menuvo_platform.conftest import browser, running_application
from tests.menuvo_platform.console.signing_in import PAGE, read_csrf, sign_in

pytestmark = pytest.mark.slow

OLD, NEW = (
    Redacted("the secret of before, long enough "),
    Redacted("the secret of today, long enough!"),
)
# In the order of a rotation: who signs, and whom else an instance believes.
STAGES = {
    "before": (OLD, ()),
    "announced": (OLD, (NEW,)),
    "switched": (NEW, (OLD,)),
    "finished": (NEW, ()),
}


def at_stage(settings: Settings, stage: str) -> Settings:
    signs, also = STAGES[stage]
    return replace(settings, auth_secret=signs, auth_secret_also=also)


async def status_of_a_form(
    settings: Settings, user: UserRow, *, given_at: str, sent_at: str
) -> int:
    """Of signing out, with the page of one instance at another one."""
    async with (
        running_application(at_stage(settings, given_at)) as (_, giver),
        running_application(at_stage(settings, sent_at)) as (_, receiver),
        browser(giver) as there,
        browser(receiver) as here,
    ):
        token = await sign_in(there, user)
        here.cookies = there.cookies
        assert (await here.get("/console/logins", headers=PAGE)).status_code == 200
        answer = await here.post("/console/logout", headers={**PAGE, HEADER: token})
        return answer.status_code


@pytest.mark.parametrize(
    "neighbours", [("before", "announced"), ("announced", "switched")], ids=str
)
async def test_instances_of_neighbouring_stages_believe_each_other(
    settings: Settings, owner: UserRow, neighbours: tuple[str, str]
) -> None:
    for given_at, sent_at in (neighbours, neighbours[::-1]):
        status = await status_of_a_form(settings, owner, given_at=given_at, sent_at=sent_at)
        assert status == 303, (given_at, sent_at)


async def test_a_form_of_before_is_refused_once_the_rotation_is_finished(
    settings: Settings, owner: UserRow
) -> None:
    assert await status_of_a_form(settings, owner, given_at="before", sent_at="finished") == 403


async def test_a_login_outlives_the_whole_rotation(settings: Settings, owner: UserRow) -> None:
    jar = httpx.Cookies()
    for stage in STAGES:
        async with (
            running_application(at_stage(settings, stage)) as (_, application),
            browser(application) as client,
        ):
            client.cookies = jar
            if stage == "before":
                await sign_in(client, owner)
            assert await read_csrf(client), stage
            jar = client.cookies
    assert jar.get(KNOWN_COOKIE)
