import httpx
import pytest

from tests.menuvo_platform.shop.restaurant import Guest, words_of


async def test_the_imprint_names_who_is_behind_it(guest: Guest) -> None:
    words = words_of((await guest.client.get(f"{guest.path}/imprint")).text)
    for expected in ("Gasthaus Probe GmbH", "Paula Probe", "79098 Freiburg", "probe@example.org"):
        assert expected in words
    assert "Handelsregister" not in words  # nothing is said about a register it is not in


async def test_the_privacy_notice_names_who_is_responsible(guest: Guest) -> None:
    words = words_of((await guest.client.get(f"{guest.path}/en/privacy")).text)
    assert "Who is responsible" in words
    assert "probe@example.org" in words


@pytest.mark.parametrize("path", ["", "/cart", "/imprint", "/privacy"])
async def test_both_are_one_tap_away(guest: Guest, path: str) -> None:
    page = (await guest.client.get(guest.path + path)).text
    assert f'href="{guest.path}/imprint"' in page
    assert f'href="{guest.path}/privacy"' in page


@pytest.mark.parametrize("path", ["imprint", "privacy"])
async def test_they_are_not_there_for_a_store_that_is_not(
    client: httpx.AsyncClient, path: str
) -> None:
    assert (await client.get(f"/nobody/{path}")).status_code == 404
