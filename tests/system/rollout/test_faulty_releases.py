"""Releases that are faulty in one thing each: what stops them, and what they cost."""

import pytest

from tests.system.rollout.answers import Result
from tests.system.rollout.load import running_load
from tests.system.rollout.scenes import (
    Scene,
    explained,
    seconds_of,
    steps_of,
    warnings_of,
)
from tests.system.rollout.test_under_load import LIGHT, assert_nothing_was_lost

PATIENCE = ("--patience", "20")
# Above what the faulty release can take, on each of two instances.
RUSH = {"menu": 50.0, "order": 0.8}


@pytest.mark.core
def test_a_release_that_is_never_healthy_is_stopped_by_its_canary(scene: Scene) -> None:
    done = scene.deploy(scene.build("never_healthy"), *PATIENCE)
    ended = scene.check(done, "serving_as_before", serves=scene.steady)
    assert steps_of(done) == {"canary": "undone"}
    # What it says when it is asked, and its log.
    assert "not healthy: it says 503" in ended["hint"]
    assert "Application startup complete" in ended["hint"]
    scene.check_converged()


def test_a_release_that_is_slow_to_start_is_waited_for(scene: Scene) -> None:
    slow = scene.build("slow_start")
    done = scene.deploy(slow)
    scene.check(done, "done", serves=slow)
    assert seconds_of(done, "canary") > 20
    assert seconds_of(done, "platform-a") > 20
    scene.check(scene.roll_back(), "done", serves=scene.steady)
    scene.check_converged()


def test_a_release_that_crashes_after_its_start_is_rolled_back_and_costs_no_read(
    scene: Scene,
) -> None:
    with running_load(scene.production, per_second=LIGHT) as load:
        done = scene.deploy(scene.build("crashes_after_20s"), "--soak", "40")
        ended = scene.check(done, "rolled_back", serves=scene.steady, failures_allowed=True)
        result = load.result()
    assert steps_of(done)["platform-a"] == "undone"
    assert "platform-b" not in steps_of(done)
    assert "platform-a fell over after its start" in ended["sentence"]
    # What was in its hands at that moment is lost unless it may be asked again: Caddy does so with
    # what only reads. A form that was being sent is not sent twice.
    assert ended["failed"] <= 1, ended
    assert {one.kind for one in result.failures} <= {"choose", "place", "board"}, result
    assert_nothing_was_lost(result)
    scene.check_converged()


def test_a_release_that_fails_under_load_is_rolled_back_by_the_comparison(scene: Scene) -> None:
    with running_load(scene.production, per_second=RUSH) as load:
        done = scene.deploy(scene.build("errors_under_load"), "--soak", "30")
        ended = scene.check(done, "rolled_back", serves=scene.steady, failures_allowed=True)
        result = load.result()
    assert "platform-a is worse than platform-b: it failed" in ended["sentence"]
    assert steps_of(done)["soak"] == "failed"
    assert "platform-b" not in steps_of(done)
    assert failures_of(result) == {"errors_under_load"}, result
    # Only as long as it was compared.
    assert 0 < len(result.failures) < 0.1 * result.requests, result
    assert_nothing_was_lost(result)
    scene.check_converged()


def test_a_release_that_wants_too_much_memory_is_stopped_by_its_canary(scene: Scene) -> None:
    done = scene.deploy(scene.build("out_of_memory_at_start"), *PATIENCE)
    ended = scene.check(done, "serving_as_before", serves=scene.steady)
    assert steps_of(done) == {"canary": "undone"}
    assert "its memory was not enough" in ended["hint"]
    scene.check_converged()


def test_a_release_that_does_not_stop_when_asked_is_killed_and_that_is_said(scene: Scene) -> None:
    deaf = scene.build("ignores_sigterm")
    scene.check(scene.deploy(deaf), "done", serves=deaf)
    done = scene.roll_back()
    scene.check(done, "done", serves=scene.steady)
    for name in ("platform-a", "platform-b"):
        assert seconds_of(done, name) > 30, explained(done)
        assert any(
            told.startswith(f"{name} did not end by itself and was killed")
            for told in warnings_of(done)
        ), explained(done)
    scene.check_converged()


def test_a_release_that_holds_its_streams_still_ends_within_its_drain(scene: Scene) -> None:
    holding = scene.build("holds_streams")
    scene.check(scene.deploy(holding), "done", serves=holding)
    with running_load(scene.production, per_second=LIGHT) as load:
        done = scene.roll_back()
        scene.check(done, "done", serves=scene.steady)
        result = load.result()
    # One of both had the board's stream, and waited for it; none was killed.
    longest = max(seconds_of(done, name) for name in ("platform-a", "platform-b"))
    assert longest > 15, explained(done)
    assert warnings_of(done) == []
    assert {one.kind for one in result.failures} <= {"board"}, result
    assert_nothing_was_lost(result)
    scene.check_converged()


def failures_of(result: Result) -> set[str]:
    """Of which releases they are."""
    return {one.release for one in result.failures if one.kind != "board"}
