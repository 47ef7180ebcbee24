"""Limits bite and recover, and are keyed on who really asks."""

from collections import Counter
from dataclasses import dataclass

import pytest

from tests.system.bed.bed import Bed
from tests.system.production.stack import DOMAIN, Production

pytestmark = pytest.mark.core

LOGIN = "/console/login"
LOGINS_A_MINUTE = 20
PAGE = "/console/login?next="


@dataclass(frozen=True)
class Edge:
    production: Production
    before: int

    @property
    def refused(self) -> int:
        """Requests since the test began; the platform has limits of its own, and says 429 too."""
        return refusals(self.production) - self.before


@pytest.fixture
def edge(bed: Bed, production: Production) -> Edge:
    """Counters are in Caddy's memory: a new process begins to count anew."""
    if not bed.has_rate_limits:
        pytest.skip("Caddy could not be built with its module here")
    production.restart("caddy")
    return Edge(production, refusals(production))


def refusals(production: Production) -> int:
    return production.project.logs("caddy", lines=20_000).count("rate limit exceeded")


def try_to_log_in(production: Production, times: int, **headers: str) -> Counter[int]:
    form = {"email": "nobody@example.org", "password": "wrong"}
    return Counter(
        production.request(LOGIN, method="POST", data=form, headers=headers).status_code
        for _ in range(times)
    )


def test_too_many_logins_are_refused_with_a_page_that_says_when_to_come_back(
    production: Production, edge: Edge
) -> None:
    try_to_log_in(production, LOGINS_A_MINUTE)
    assert edge.refused == 0

    answer = production.request(LOGIN, method="POST", data={"email": "x", "password": "y"})

    assert edge.refused == 1
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert "Das waren sehr viele Anfragen" in answer.text
    assert "server" not in answer.headers


def test_what_a_client_says_of_its_address_changes_nothing(
    production: Production, edge: Edge
) -> None:
    for number in range(LOGINS_A_MINUTE + 5):
        try_to_log_in(production, 1, **{"X-Forwarded-For": f"203.0.113.{number}"})
    assert edge.refused == 5


def test_another_address_is_not_refused_with_it(production: Production, edge: Edge) -> None:
    try_to_log_in(production, LOGINS_A_MINUTE + 1)
    before = edge.refused
    production.ask_from("worker-images", LOGIN, times=LOGINS_A_MINUTE)
    assert edge.refused == before
    production.ask_from("worker-images", LOGIN, times=1)
    assert edge.refused == before + 1


def test_a_cart_is_limited_and_its_neighbours_are_not(production: Production, edge: Edge) -> None:
    """A hundred phones behind one address can order; one stuck finger cannot."""
    checkout = f"{production.demo['menu_path']}/checkout"

    def press(cart: str, times: int) -> None:
        for _ in range(times):
            cookie = {"Cookie": f"cart_token={cart}"}
            production.request(checkout, method="POST", data={"quote": "x"}, headers=cookie)

    press("one", 10)
    assert edge.refused == 0
    press("one", 1)
    assert edge.refused == 1
    for guest in range(100):
        press(f"guest{guest}", 1)
    assert edge.refused == 1


def test_a_probe_with_the_token_is_not_limited(production: Production, edge: Edge) -> None:
    proof = {"X-Menuvo-Probe": production.secret("probe_token")}
    try_to_log_in(production, 2 * LOGINS_A_MINUTE, **proof)
    assert edge.refused == 0
    try_to_log_in(production, LOGINS_A_MINUTE)
    assert edge.refused == 0


@pytest.mark.parametrize("said", ["", "*", "x" * 40])
def test_who_only_claims_to_be_a_probe_is_limited(
    production: Production, edge: Edge, said: str
) -> None:
    try_to_log_in(production, LOGINS_A_MINUTE + 3, **{"X-Menuvo-Probe": said})
    assert edge.refused == 3


def test_a_limit_recovers(production: Production, edge: Edge) -> None:
    """Pages are counted in windows of ten seconds, the shortest of all."""
    statuses = Counter(production.ask_from("worker-images", PAGE, times=620))
    assert statuses[429] > 0
    assert production.ask_from("worker-images", "/live", times=1) == [200]
    production.until(lambda: production.ask_from("worker-images", PAGE, times=1) == [200], 20)


def test_the_monitors_password_cannot_be_tried_for_long(production: Production, edge: Edge) -> None:
    """Whoever only claims to be the tool, which is not counted, is counted too."""
    path = "/api/collections/users/auth-with-password"
    tries = Counter(
        production.request(
            path,
            host=f"monitor.{DOMAIN}",
            method="POST",
            headers={"X-Menuvo-Probe": "a-guess-of-the-token-of-the-probe-of-a-deploy"},
            json={"identity": "operator@example.org", "password": "wrong"},
        ).status_code
        for _ in range(12)
    )
    assert tries[429] == 2
