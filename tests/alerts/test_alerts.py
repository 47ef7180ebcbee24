"""Whatever breaks is told: once, by its true cause, with what to do - and when it is over."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import pytest

from menuvo_backup.monitor import ARCHIVE, BACKUPS, DISK, DRILL, State, push
from menuvo_backup.settings import MonitorSettings, Redacted
from tests.alerts.conftest import MONITOR_TOKEN, PACE, Scene
from tests.alerts.gatus import DOMAIN
from tests.menuvo_ops.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

MOST_MESSAGES = 3


@dataclass(frozen=True)
class Fault:
    """`told` are all the alerts that it raises, `cause` what one of them says."""

    do: Callable[[Scene], None]
    mend: Callable[[Scene], None]
    told: set[str]
    cause: str


def stopped(*parts: str, told: set[str], cause: str) -> Fault:
    return Fault(
        lambda scene: scene.site.stop(*parts),
        lambda scene: scene.site.start(*parts),
        told,
        cause,
    )


def backlog(told: str, cause: str, **figures: int) -> Fault:
    return Fault(
        lambda scene: scene.site.backlog.update(figures),
        lambda scene: scene.site.backlog.update(dict.fromkeys(figures, 0)),
        {told},
        cause,
    )


def report(scene: Scene, endpoint: str, error: str = "") -> None:
    settings = MonitorSettings(f"http://127.0.0.1:{scene.gatus.port}", Redacted(MONITOR_TOKEN))
    push(settings, endpoint, State(error))


def reported(endpoint: str, told: str, cause: str) -> Fault:
    def mend(scene: Scene) -> None:
        for _ in range(2):
            report(scene, endpoint)

    return Fault(lambda scene: report(scene, endpoint, "It is wrong."), mend, {told}, cause)


def exchange_certificate(scene: Scene, *, days: int) -> None:
    scene.site.stop("caddy")
    scene.site.start("caddy", days=days)


GUESTS = {"Guests/Menus", "Guests/Orders"}
FAULTS = {
    "postgres": stopped(
        "postgres",
        told={"Operations/Database", "Guests/Orders"},
        cause="PostgreSQL does not answer",
    ),
    "redis": stopped(
        "redis", told={"Operations/Live updates", "Guests/Orders"}, cause="Redis does not answer"
    ),
    "platform-a": stopped(
        "platform-a", told={"Operations/Instance A"}, cause="platform-a does not serve"
    ),
    "platform-b": stopped(
        "platform-b", told={"Operations/Instance B"}, cause="platform-b does not serve"
    ),
    "both instances": stopped(
        *("platform-a", "platform-b"),
        told={*GUESTS, "Operations/Instance A"},
        cause="platform-a does not serve: if menus are read",
    ),
    "caddy": stopped("caddy", told={*GUESTS, "Operations/Proxy"}, cause="Caddy does not answer"),
    "beszel": stopped("beszel", told={"Operations/Monitoring"}, cause="Beszel does not answer"),
    "certificate": Fault(
        lambda scene: exchange_certificate(scene, days=13),
        lambda scene: exchange_certificate(scene, days=90),
        {"Operations/Certificate"},
        "The certificate ends in less than 14 days",
    ),
    "waiting jobs": backlog(
        "Operations/Background work", "no worker takes them", waiting_seconds=301
    ),
    "dead jobs": backlog("Operations/Failed work", "A job was given up", dead=1),
    "backup": reported(BACKUPS, "Operations/Backups", "A backup failed or is missing"),
    "archive": reported(ARCHIVE, "Operations/Archive", "does not reach the bucket"),
    "drill": reported(DRILL, "Operations/Restore drill", "The last drill failed"),
    "disk": reported(DISK, "Operations/Disk", "Less than a tenth of the disk is free"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_by_its_cause_in_few_messages_and_so_is_its_end(
    scene: Scene, name: str
) -> None:
    fault = FAULTS[name]
    fault.do(scene)
    eventually(lambda: set(scene.told("triggered")) >= fault.told, within=30)
    scene_settles_with(scene, fault)
    assert len(scene.telegram.delivered) <= MOST_MESSAGES
    assert any(fault.cause in text for text in scene.telegram.delivered)
    for text in [*scene.telegram.delivered, *scene.webhook.delivered]:
        for part in (f"Host: {DOMAIN}.", "Since: ", "Runbook: docs/runbooks/", "Run: "):
            assert part in text

    scene.clear()
    fault.mend(scene)
    eventually(lambda: set(scene.told("resolved")) >= fault.told, within=30)
    scene_settles_with(scene, fault, word="resolved")
    assert scene.telegram.refused == []
    assert scene.webhook.refused == []


def scene_settles_with(scene: Scene, fault: Fault, *, word: str = "triggered") -> None:
    scene.settle()
    assert sorted(scene.told(word)) == sorted(fault.told)
    assert len(scene.telegram.delivered) == len(fault.told)
    assert len(scene.webhook.delivered) == len(fault.told)


@pytest.mark.parametrize("pace", [{**PACE, "80s": "10s"}], ids=["sooner"])
def test_a_service_that_is_silent_is_told_once_and_not_for_each_of_its_reports(
    scene: Scene,
) -> None:
    for endpoint in (BACKUPS, ARCHIVE, DRILL, DISK):
        report(scene, endpoint)
    eventually(lambda: scene.told("triggered"), within=40)
    scene.settle()
    assert scene.told("triggered") == ["Operations/Backups"]
    for _ in range(2):
        report(scene, BACKUPS)
    eventually(lambda: scene.told("resolved") == ["Operations/Backups"], within=10)


def test_a_restart_of_gatus_repeats_no_alert_and_loses_no_end(prepared: Scene) -> None:
    with prepared.gatus.running():
        prepared.site.stop("redis")
        eventually(lambda: len(prepared.told("triggered")) == 2, within=30)
    with prepared.gatus.running(stop_with=signal.SIGKILL):
        prepared.settle()
        assert len(prepared.telegram.delivered) == 2
    prepared.site.start("redis")
    with prepared.gatus.running():
        eventually(lambda: len(prepared.told("resolved")) == 2, within=30)
        prepared.settle()
        assert len(prepared.telegram.delivered) == 4
        assert len(prepared.webhook.delivered) == 4


def test_a_fault_that_began_before_a_restart_of_gatus_is_told_after_it(prepared: Scene) -> None:
    with prepared.gatus.running(stop_with=signal.SIGKILL):
        prepared.site.stop("beszel")
    with prepared.gatus.running():
        eventually(lambda: prepared.told("triggered") == ["Operations/Monitoring"], within=30)


@pytest.mark.parametrize("trouble", [[429], [500], [429, 500, 502]], ids=str)
def test_an_alert_that_telegram_did_not_take_is_sent_again(
    scene: Scene, trouble: list[int]
) -> None:
    scene.telegram.trouble.extend(trouble)
    scene.site.stop("beszel")
    eventually(lambda: scene.told("triggered") == ["Operations/Monitoring"], within=30)
    scene.settle()
    assert len(scene.telegram.delivered) == 1
    # The other channel took it at once, and does not hear it again.
    assert len(scene.webhook.delivered) == 1


def test_the_end_that_telegram_did_not_take_is_on_the_other_channel(scene: Scene) -> None:
    """Gatus sends this kind of message once, whatever becomes of it; the reference says so."""
    scene.site.stop("beszel")
    eventually(lambda: scene.told("triggered"), within=30)
    scene.telegram.trouble.append(500)
    scene.site.start("beszel")
    eventually(lambda: "RESOLVED" in " ".join(scene.webhook.delivered), within=30)
    scene.settle()
    assert scene.told("resolved") == []


def test_somebody_outside_hears_of_it_only_while_menus_and_orders_answer(scene: Scene) -> None:
    eventually(lambda: len(scene.outside.heard) > 2, within=30)
    scene.site.stop("postgres")
    eventually(lambda: scene.outside.alarmed, within=30)
    scene.site.start("postgres")
    eventually(lambda: not scene.outside.alarmed, within=30)


def test_somebody_outside_raises_the_alarm_when_gatus_is_gone(prepared: Scene) -> None:
    with prepared.gatus.running(stop_with=signal.SIGKILL):
        eventually(lambda: len(prepared.outside.heard) > 2, within=30)
    eventually(lambda: prepared.outside.alarmed, within=30)


def test_an_address_outside_that_does_not_answer_is_told(scene: Scene) -> None:
    scene.outside.status = HTTPStatus.NOT_FOUND
    eventually(lambda: scene.told("triggered") == ["Operations/Somebody outside"], within=30)
    assert "The watch outside does not answer" in scene.telegram.delivered[0]
