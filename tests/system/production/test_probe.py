"""What a deploy asks through the edge, and what nobody else can."""

import pytest

from tests.system.production.stack import Production

pytestmark = pytest.mark.core

PROBE = "/internal/probe"


def test_a_probe_reaches_both_instances_through_the_edge(production: Production) -> None:
    proof = {"X-Menuvo-Probe": production.secret("probe_token")}
    carts = production.sql("SELECT count(*), max(updated_at) FROM carts")
    for method, wrote in (("GET", False), ("POST", True)):
        answers = [production.request(PROBE, method=method, headers=proof) for _ in range(6)]
        assert {answer.status_code for answer in answers} == {200}
        told = [answer.json() for answer in answers]
        assert {(one["release"], one["wrote"]) for one in told} == {("bed", wrote)}
        assert {one["instance"] for one in told} == {"platform-a", "platform-b"}
    assert production.sql("SELECT count(*), max(updated_at) FROM carts") == carts


@pytest.mark.parametrize("said", [None, "", "x" * 40])
def test_without_the_token_there_is_no_probe(production: Production, said: str | None) -> None:
    headers = {} if said is None else {"X-Menuvo-Probe": said}
    for method in ("GET", "POST"):
        assert production.request(PROBE, method=method, headers=headers).status_code == 404


def test_figures_are_told_inside_and_not_outside(production: Production) -> None:
    proof = {"X-Menuvo-Probe": production.secret("probe_token")}
    for headers in ({}, proof):
        assert production.request("/internal/metrics", headers=headers).status_code == 404
    told = production.project.execute("platform-b", "menuvo-platform", "metrics")
    assert 'menuvo_http_requests_total{status="2xx"}' in told


def test_the_token_stands_in_no_log(production: Production) -> None:
    token = production.secret("probe_token")
    production.request(f"{PROBE}?from=a-test", headers={"X-Menuvo-Probe": token})
    production.until(lambda: "from=a-test" in production.project.logs("caddy", lines=200), 10)
    for service in ("caddy", "platform-a", "platform-b"):
        assert token not in production.project.logs(service, lines=20_000), service
