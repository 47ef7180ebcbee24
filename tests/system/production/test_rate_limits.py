"""Limits bite and recover, and are keyed on who really asks."""

from collections import Counter
from collections.abc import Generator

import pytest

from tests.system.bed.bed import Bed
from tests.system.production.stack import DOMAIN, Production

pytestmark = pytest.mark.core

LOGIN = "/console/login"
LOGINS_A_MINUTE = 20


@pytest.fixture(autouse=True)
def limits(bed: Bed, production: Production) -> Generator[None]:
    """Counters are in Caddy's memory: a new process begins to count anew."""
    if not bed.has_rate_limits:
        pytest.skip("Caddy could not be built with its module here")
    production.restart("caddy")
    yield
    production.restart("caddy")


def try_to_log_in(production: Production, times: int, **headers: str) -> Counter[int]:
    form = {"email": "nobody@example.org", "password": "wrong"}
    return Counter(
        production.request(LOGIN, method="POST", data=form, headers=headers).status_code
        for _ in range(times)
    )


def by_the_edge(production: Production) -> int:
    """How many requests it has refused; the platform has limits of its own."""
    return production.project.logs("caddy", lines=2000).count("rate limit exceeded")


def test_too_many_logins_are_refused_with_a_page_that_says_when_to_come_back(
    production: Production,
) -> None:
    try_to_log_in(production, LOGINS_A_MINUTE)
    assert by_the_edge(production) == 0

    answer = production.request(LOGIN, method="POST", data={"email": "x", "password": "y"})

    assert by_the_edge(production) == 1
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert "Das waren sehr viele Anfragen" in answer.text
    assert "server" not in answer.headers


def test_what_a_client_says_of_its_address_changes_nothing(production: Production) -> None:
    for number in range(LOGINS_A_MINUTE + 5):
        try_to_log_in(production, 1, **{"X-Forwarded-For": f"203.0.113.{number}"})
    assert by_the_edge(production) == 5


def test_another_address_is_not_refused_with_it(production: Production) -> None:
    try_to_log_in(production, LOGINS_A_MINUTE + 1)
    before = by_the_edge(production)
    production.ask_from("worker-images", LOGIN, times=LOGINS_A_MINUTE)
    assert by_the_edge(production) == before
    production.ask_from("worker-images", LOGIN, times=1)
    assert by_the_edge(production) == before + 1


def test_a_cart_is_limited_and_its_neighbours_are_not(production: Production) -> None:
    """A hundred phones behind one address can order; one stuck finger cannot."""
    checkout = f"{production.demo['menu_path']}/checkout"

    def press(cart: str, times: int) -> None:
        for _ in range(times):
            cookie = {"Cookie": f"cart_token={cart}"}
            production.request(checkout, method="POST", data={"quote": "x"}, headers=cookie)

    press("one", 10)
    assert by_the_edge(production) == 0
    press("one", 1)
    assert by_the_edge(production) == 1
    for guest in range(100):
        press(f"guest{guest}", 1)
    assert by_the_edge(production) == 1


def test_a_limit_recovers(production: Production) -> None:
    """Pages are counted in windows of ten seconds, the shortest of all."""
    statuses = Counter(production.ask_from("worker-images", "/", times=420))
    assert statuses[429] > 0
    assert production.ask_from("worker-images", "/live", times=1) == [200]
    production.until(lambda: production.ask_from("worker-images", "/", times=1) == [200], 15)


def test_the_monitors_password_cannot_be_tried_for_long(production: Production) -> None:
    path = "/api/collections/users/auth-with-password"
    tries = Counter(
        production.request(
            path,
            host=f"monitor.{DOMAIN}",
            method="POST",
            json={"identity": "operator@example.org", "password": "wrong"},
        ).status_code
        for _ in range(12)
    )
    assert tries[429] == 2
