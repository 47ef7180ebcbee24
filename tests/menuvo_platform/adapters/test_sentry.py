"""What is sent to whoever collects errors, and what is not."""

import logging
from collections.abc import Generator
from typing import Any

import pytest

from menuvo_platform.adapters.sentry import Collector
from tests.sentry import Sentry, running_sentry

PERSONAL = ("Anna", "anna@example.org", "0SecretToken1234", "198.51.100.7", "a note of a guest")


@pytest.fixture
def sentry() -> Generator[Sentry]:
    with running_sentry() as sentry:
        yield sentry


@pytest.fixture
def log(sentry: Sentry) -> Generator[logging.Logger]:
    log = logging.getLogger("menuvo_platform.of_this_test")
    log.propagate = False
    collector = Collector(sentry.dsn, release="4f2a91c", environment="local", instance="it")
    log.handlers = [collector]
    yield log
    log.handlers = []
    collector.close()


def sent(log: logging.Logger, sentry: Sentry) -> list[dict[str, Any]]:
    """All of it has arrived when the collector is closed."""
    for handler in log.handlers:
        handler.close()
    assert sentry.refusals == []
    return sentry.events


def fail(guest: str, note: str) -> None:
    whose = f"'{guest}' with {PERSONAL[1]} from {PERSONAL[3]}"
    raise ValueError(f"cannot take {whose}") from KeyError(note)


def test_an_error_arrives_with_release_request_and_the_way_to_it(
    log: logging.Logger, sentry: Sentry
) -> None:
    try:
        fail(*PERSONAL[::4])
    except ValueError as error:
        facts = {"event": "request_failed", "request_id": "r-1", "exc_info": error}
        log.error({**facts, "path": "/{slug}", "guest": PERSONAL[0], "instance": "it"})
    [event] = sent(log, sentry)
    assert (event["release"], event["environment"]) == ("4f2a91c", "local")
    assert (event["message"], event["level"]) == ("request_failed", "error")
    assert event["tags"] == {"request_id": "r-1", "instance": "it"}
    told = event["exception"]["values"]
    assert [one["type"] for one in told] == ["KeyError", "ValueError"]
    assert told[1]["value"] == "cannot take '-' with [e-mail] from [address]"
    assert told[1]["stacktrace"]["frames"][-1]["function"] == "fail"


def test_nothing_of_a_person_arrives(log: logging.Logger, sentry: Sentry) -> None:
    cookies = {"cart_token": PERSONAL[2]}
    try:
        fail(*PERSONAL[::4])
    except ValueError:
        log.exception({"event": "request_failed", "cookies": cookies, "exc_info": True})
    log.error("GET /haus/orders/%s of %s broke", PERSONAL[2], PERSONAL[1])
    assert len(sent(log, sentry)) == 2
    assert [one for one in PERSONAL if one in sentry.received] == []


def test_what_fails_all_the_time_is_sent_once_a_minute(log: logging.Logger, sentry: Sentry) -> None:
    for _ in range(50):
        log.error({"event": "database_unavailable"})
    log.error({"event": "disk_full"})
    log.warning({"event": "slow"})
    told = [event["message"] for event in sent(log, sentry)]
    assert told == ["database_unavailable", "disk_full"]


def test_a_collector_that_is_away_stops_nobody(log: logging.Logger) -> None:
    away = Collector("http://k@127.0.0.1:9/1", release="x", environment="local", instance="it")
    log.handlers = [away]
    log.error({"event": "database_unavailable"})
    away.close()
