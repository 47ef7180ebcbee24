"""All that can break, where tests/alerts breaks one thing of each kind."""

from http import HTTPStatus

import pytest

from menuvo_backup.monitor import ENDPOINTS
from tests.alerts.faults import FAULTS, break_and_mend, report
from tests.alerts.scenes import PACE, Scene
from tests.menuvo_ops.waiting import eventually


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_by_its_cause_in_few_messages_and_so_is_its_end(
    scene: Scene, name: str
) -> None:
    break_and_mend(scene, FAULTS[name])


@pytest.mark.parametrize("pace", [{**PACE, "80s": "10s"}], ids=["sooner"])
def test_a_service_that_is_silent_is_told_once_and_not_for_each_of_its_reports(
    scene: Scene,
) -> None:
    for endpoint in ENDPOINTS:
        report(scene, endpoint)
    eventually(lambda: scene.told("triggered"), within=40)
    scene.settle()
    assert scene.told("triggered") == ["Operations/Backups"]
    for _ in range(2):
        report(scene, ENDPOINTS[0])
    eventually(lambda: scene.told("resolved") == ["Operations/Backups"], within=10)


def test_an_address_outside_that_does_not_answer_is_told(scene: Scene) -> None:
    scene.outside.status = HTTPStatus.NOT_FOUND
    eventually(lambda: scene.told("triggered") == ["Operations/Somebody outside"], within=30)
    assert "The watch outside does not answer" in scene.telegram.delivered[0]
