"""Two at once, and every way in which somebody or something stops a deploy in the middle."""

import signal
import subprocess
from collections.abc import Callable

import pytest

from tests.system.rollout.meanwhile import Run, command, deploying, environment
from tests.system.rollout.scenes import INSTANCES, Scene, ended_of, explained
from tests.system.rollout.variants import Release


@pytest.fixture
def wanted(scene: Scene) -> Release:
    scene.webhook.take()
    return scene.another("stopped")


def test_a_second_deploy_is_told_who_is_at_work_and_disturbs_nothing(
    scene: Scene, wanted: Release
) -> None:
    with deploying(scene.production, wanted) as run:
        run.until("platform-a", "begun")
        seconds = [
            scene.production.deploy(scene.build("good", version="second")),
            scene.production.roll_back(),
        ]
        status = scene.status()
        first = run.end()
    for second in seconds:
        ended = ended_of(second)
        assert (second.exit_code, ended["exit_code"]) == (4, 4), explained(second)
        assert f"(process {run.process.pid}) since 20" in ended["sentence"]
        assert "replace platform-a" in ended["sentence"]
        assert "menuvo deploy status" in ended["hint"]
        assert second.seconds < 30
    assert status["state"] == "at work"
    assert f"process {run.process.pid}" in status["under_way"]
    scene.check(first, "done", serves=wanted)


def stop(number: signal.Signals) -> Callable[[Run], None]:
    return lambda run: run.signal(number)


def hang_up(run: Run) -> None:
    """As ssh does when the other side is gone: our input ends."""
    assert run.process.stdin
    run.process.stdin.close()


@pytest.mark.parametrize(
    ("step", "how", "told", "outcome"),
    [
        ("canary", stop(signal.SIGTERM), "a request to stop", "serving_as_before"),
        ("platform-a", stop(signal.SIGINT), "Ctrl-C", "rolled_back"),
        ("soak", stop(signal.SIGHUP), "the end of the session", "rolled_back"),
        ("platform-b", hang_up, "the end of the connection", "rolled_back"),
        ("worker-images", stop(signal.SIGTERM), "a request to stop", "rolled_back"),
    ],
)
def test_a_deploy_that_is_stopped_takes_back_what_it_did(
    scene: Scene, wanted: Release, step: str, how: Callable[[Run], None], told: str, outcome: str
) -> None:
    with deploying(scene.production, wanted, lifeline=how is hang_up) as run:
        run.until(step, "begun")
        how(run)
        done = run.end()
    ended = scene.check(done, outcome, serves=scene.steady)
    assert f"Stopped by {told}." in ended["sentence"]


def test_whoever_is_impatient_and_stops_it_twice_changes_nothing(
    scene: Scene, wanted: Release
) -> None:
    with deploying(scene.production, wanted) as run:
        run.until("platform-a", "begun")
        run.signal(signal.SIGINT)
        run.until("platform-a", "undoing")
        run.signal(signal.SIGINT)
        run.signal(signal.SIGTERM)
        done = run.end()
    scene.check(done, "rolled_back", serves=scene.steady)


def test_when_nobody_reads_along_any_more_it_takes_back_what_it_did(
    scene: Scene, wanted: Release
) -> None:
    """As `| head` does it, or a terminal that is gone."""
    reads = 'sed --quiet "/platform-a.*begun/q"'
    script = f'"$@" | {reads}; exit "${{PIPESTATUS[0]}}"'
    given = ("--version", wanted.version, "--yes", "--accept-stale-backup", "--soak", "2")
    argv = command(scene.production, "deploy", *given, "--json")
    done = subprocess.run(
        ["bash", "-c", script, "bash", *argv],
        env=environment(scene.production),
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 3, done.stderr
    assert done.stderr == ""
    assert len(scene.webhook.told) == 1
    scene.check_serving(scene.steady)


@pytest.mark.private_engine
def test_an_engine_that_restarts_meanwhile_leaves_one_release_on_both_instances(
    scene: Scene, wanted: Release
) -> None:
    """Every container stops with it, so answers do fail; but nothing is told otherwise."""
    daemon = scene.bed.engine.daemon
    assert daemon is not None
    with deploying(scene.production, wanted) as run:
        run.until("platform-a", "begun")
        daemon.restart()
        done = run.end()
    ended = ended_of(done)
    assert done.exit_code == ended["exit_code"], explained(done)
    assert ended["outcome"] in {"rolled_back", "probe_saw_failures"}, explained(done)
    assert ended["failed"] > 0
    serves = wanted if ended["outcome"] == "probe_saw_failures" else scene.steady
    assert ended["version"] == serves.version

    def both_are_well() -> bool:
        services = scene.production.project.services()
        return all(services[name].is_well for name in INSTANCES)

    scene.production.until(both_are_well, 120)
    scene.check_serving(serves)
    again = scene.deploy(wanted)
    assert again.exit_code == 0, explained(again)
    scene.check_serving(wanted)
