"""Whatever breaks is told: once, by its true cause, with what to do - and when it is over."""

import signal

import pytest

from tests.alerts.faults import FAULTS, break_and_mend
from tests.alerts.scenes import Scene
from tests.menuvo_ops.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

# One of each kind; tests/system/alerts has all of them.
KINDS = ("postgres", "both instances", "certificate", "dead jobs", "backup")


@pytest.mark.parametrize("name", KINDS)
def test_a_fault_is_told_by_its_cause_in_few_messages_and_so_is_its_end(
    scene: Scene, name: str
) -> None:
    break_and_mend(scene, FAULTS[name])


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


def test_an_alert_that_telegram_did_not_take_is_sent_again(scene: Scene) -> None:
    scene.telegram.trouble.extend([429, 500, 502])
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
