"""A deploy and a rollback cost no request and lose no order."""

import pytest

from tests.system.rollout.answers import Result
from tests.system.rollout.load import running_load
from tests.system.rollout.scenes import Scene

# Less than a benchmark asks for: the machine also runs what is tested.
LIGHT = {"menu": 8.0, "style": 3.0, "item": 1.0, "order": 0.8}


@pytest.mark.core
def test_a_deploy_and_a_rollback_under_load_fail_no_request_and_lose_no_order(
    scene: Scene,
) -> None:
    steady, better = scene.steady, scene.another("better")
    with running_load(scene.production, per_second=LIGHT) as load:
        there = scene.check(scene.deploy(better), "done", serves=better)
        back = scene.check(scene.roll_back(), "done", serves=steady)
        result = load.result()
    assert_nothing_was_lost(result)
    assert result.failures == [], result
    assert set(result.releases) == {steady.version, better.version}
    assert there["release"] < back["release"]


def assert_nothing_was_lost(result: Result) -> None:
    """Every order that a guest saw accepted is there once, and the kitchen was told of it."""
    assert len(result.acknowledged) > 5, result
    assert (result.lost, result.doubled, result.missed) == ([], [], []), result
