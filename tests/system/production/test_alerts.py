"""What an operator is told when production breaks, at production's own pace."""

import re
import time
from collections.abc import Generator
from dataclasses import dataclass

import pytest

from tests.system.production.alarms import PATIENCE, Alarms, heard
from tests.system.production.stack import DOMAIN, Production

pytestmark = pytest.mark.timeout(900)

SECONDS = 180
MOST_MESSAGES = 3
# Two good answers, half a minute apart, and the start of what was stopped.
END_SECONDS = 150
GATUS_LIMIT_SHARE = 0.75


@pytest.fixture(scope="module")
def alarms(production: Production) -> Generator[Alarms]:
    with heard(production) as alarms:
        production.until(alarms.all_is_well, 240)
        yield alarms
        production.project.up()


@dataclass(frozen=True)
class Cause:
    """`told` at least, `perhaps` when it lasts; `words` name it."""

    services: tuple[str, ...]
    told: set[str]
    words: str
    perhaps: frozenset[str] = frozenset()


CAUSES = {
    "an instance": Cause(("platform-b",), {"Operations/Instance B"}, "platform-b does not serve"),
    "postgres": Cause(
        ("postgres",),
        {"Operations/Database", "Guests/Orders"},
        "PostgreSQL does not answer",
        frozenset({"Operations/Archive"}),
    ),
    "redis": Cause(
        ("redis",), {"Operations/Live updates", "Guests/Orders"}, "Redis does not answer"
    ),
    "both instances": Cause(
        ("platform-a", "platform-b"),
        {"Guests/Menus", "Guests/Orders", "Operations/Instance A"},
        "platform-a does not serve",
    ),
}


def test_what_the_backup_service_reports_arrives_on_both_channels_with_its_end(
    alarms: Alarms,
) -> None:
    """The quickest of all alerts, through every part that the others go through."""
    alarms.clear()
    drilled = ("postgres-backup", "menuvo-backup", "drilled")
    alarms.production.project.execute(*drilled, "failed")
    alarms.until_told("triggered", {"Operations/Restore drill"}, within=SECONDS)
    alarms.production.project.execute(*drilled, "good")
    alarms.until_told("resolved", {"Operations/Restore drill"}, within=END_SECONDS)
    assert len(alarms.telegram.delivered) == len(alarms.webhook.delivered) == 2
    for text in [*alarms.telegram.delivered, *alarms.webhook.delivered]:
        assert f"Host: {DOMAIN}." in text
        assert "Runbook: docs/runbooks/drill-overdue.md. Run: " in text
    assert alarms.telegram.refused == []


@pytest.mark.parametrize("name", CAUSES)
def test_a_stopped_service_is_told_by_its_cause_within_three_minutes_in_few_messages(
    alarms: Alarms, name: str
) -> None:
    cause, production = CAUSES[name], alarms.production
    alarms.clear()
    began = time.monotonic()
    production.compose("stop", *cause.services)
    alarms.until_told("triggered", cause.told, within=SECONDS)
    # What is told once is remembered, whoever is restarted.
    production.compose("restart", "gatus")
    production.until(lambda: time.monotonic() - began > SECONDS, SECONDS)
    told = alarms.told("triggered")
    assert cause.told <= set(told) <= cause.told | cause.perhaps
    assert len(told) == len(set(told)) == len(alarms.webhook.delivered) <= MOST_MESSAGES
    assert any(cause.words in text for text in alarms.telegram.delivered)
    for text in alarms.telegram.delivered:
        assert f"Host: {DOMAIN}." in text
        assert re.search(r"Runbook: docs/runbooks/[\w-]+\.md\. Run: \./menuvo ", text)

    production.project.up(*cause.services)
    alarms.until_told("resolved", set(told), within=END_SECONDS)
    production.until(alarms.all_is_well, END_SECONDS)
    assert sorted(alarms.told("resolved")) == sorted(alarms.told("triggered"))


def test_gatus_stays_well_within_its_memory(alarms: Alarms) -> None:
    container = alarms.production.project.inspect("gatus")
    argv = ["docker", "stats", "--no-stream", "--format", "{{.MemPerc}}", container["Id"]]
    share = alarms.production.project.engine.docker(argv, what="Measuring")
    assert float(share.strip().removesuffix("%")) / 100 < GATUS_LIMIT_SHARE


def test_when_everything_dies_at_once_somebody_outside_raises_the_alarm(alarms: Alarms) -> None:
    production = alarms.production
    production.until(lambda: not alarms.outside.alarmed, END_SECONDS)
    production.compose("kill")
    production.until(lambda: alarms.outside.alarmed, PATIENCE + 30)
    production.project.up(seconds=240)
    production.until(lambda: not alarms.outside.alarmed, END_SECONDS)
