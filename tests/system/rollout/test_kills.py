"""The tool is killed: at every step, before, in and after it. Whoever comes next ends it."""

from collections.abc import Callable

import pytest

from tests.system.rollout.meanwhile import Run, deploying, running
from tests.system.rollout.scenes import Scene, ended_of, explained, steps_of
from tests.system.rollout.variants import Release

Moment = Callable[[Scene, Run], None]


def begun(step: str) -> Moment:
    return lambda _, run: run.until(step, "begun")


def done(step: str) -> Moment:
    return lambda _, run: run.until(step, "done")


def replacing(service: str) -> Moment:
    """The old container has stopped and the new one is not healthy yet."""

    def moment(scene: Scene, run: Run) -> None:
        [old] = running_containers(scene, service)
        run.until(service, "begun")
        scene.production.until(lambda: old not in running_containers(scene, service), 150)

    return moment


def trying(scene: Scene, run: Run) -> None:
    """The canary is up and is being asked."""
    run.until("canary", "begun")
    scene.production.until(lambda: bool(running_containers(scene, "canary")), 60)


def running_containers(scene: Scene, service: str) -> list[str]:
    """Their ids, of Docker itself: Compose takes a second for the answer."""
    name = scene.production.project.project.name
    labels = (f"com.docker.compose.project={name}", f"com.docker.compose.service={service}")
    argv = ["docker", "ps", "--quiet", *(f"--filter=label={label}" for label in labels)]
    return scene.bed.engine.docker(argv, what=f"Looking for {service}").split()


def again(scene: Scene, wanted: Release) -> None:
    """The same deploy once more: it goes on where it was and does nothing twice."""
    completed = scene.deploy(wanted)
    ended = ended_of(completed)
    assert (completed.exit_code, ended["outcome"]) == (0, "done"), explained(completed)
    assert (ended["asked"] > 0, ended["failed"]) == (True, 0), explained(completed)
    assert set(steps_of(completed).values()) <= {"done", "skipped"}
    scene.check_serving(wanted)


def back(scene: Scene, _wanted: Release) -> None:
    """A rollback: everything that was begun is taken back."""
    completed = scene.roll_back()
    ended = ended_of(completed)
    assert (completed.exit_code, ended["outcome"]) == (0, "done"), explained(completed)
    assert (ended["asked"] > 0, ended["failed"]) == (True, 0), explained(completed)
    scene.check_serving(scene.steady)


Way = Callable[[Scene, Release], None]
CORE = pytest.mark.core
CASES = [
    pytest.param("canary", begun("canary"), back, id="before the canary, back"),
    pytest.param("canary", trying, again, id="while the canary is tried", marks=CORE),
    pytest.param("canary", done("canary"), again, id="after the canary"),
    pytest.param("install", begun("install"), again, id="before the files"),
    pytest.param("install", done("install"), back, id="after the files, back"),
    pytest.param("platform-a", begun("platform-a"), again, id="before platform-a"),
    pytest.param("platform-a", replacing("platform-a"), back, id="in platform-a, back"),
    pytest.param("platform-a", done("platform-a"), again, id="after platform-a"),
    pytest.param("soak", begun("soak"), back, id="in the soak, back"),
    pytest.param("soak", done("soak"), again, id="after the soak"),
    pytest.param("platform-b", replacing("platform-b"), back, id="in platform-b, back", marks=CORE),
    pytest.param("platform-b", replacing("platform-b"), again, id="in platform-b"),
    pytest.param("platform-b", done("platform-b"), back, id="after platform-b, back"),
    pytest.param("worker-images", begun("worker-images"), again, id="in worker-images"),
    pytest.param("worker-images", done("worker-images"), back, id="after worker-images, back"),
    pytest.param("worker-imports", replacing("worker-imports"), back, id="in the imports, back"),
    pytest.param("worker-imports", done("worker-imports"), again, id="after worker-imports"),
    pytest.param("settle", begun("settle"), again, id="before remembering"),
    pytest.param("settle", begun("settle"), back, id="before remembering, back"),
]


@pytest.mark.parametrize(("step", "moment", "way"), CASES)
def test_a_deploy_that_is_killed_is_ended_by_the_next_command(
    scene: Scene, step: str, moment: Moment, way: Way
) -> None:
    wanted = scene.another("killed")
    with deploying(scene.production, wanted) as run:
        moment(scene, run)
        run.kill()
    check_cut_off(scene, "deploy", step)
    way(scene, wanted)


def test_a_rollback_that_is_killed_is_finished_by_the_same_again(scene: Scene) -> None:
    wanted = scene.another("killed")
    assert scene.deploy(wanted).exit_code == 0
    with running(scene.production, "rollback", "--yes") as run:
        run.until("platform-b", "begun")
        run.kill()
    check_cut_off(scene, "rollback", "platform-b")
    back(scene, wanted)


def test_a_rollback_that_is_killed_makes_room_for_a_deploy(scene: Scene) -> None:
    wanted = scene.another("killed")
    assert scene.deploy(wanted).exit_code == 0
    with running(scene.production, "rollback", "--yes") as run:
        run.until("platform-a", "done")
        run.kill()
    completed = scene.deploy(wanted)
    assert completed.exit_code == 0, explained(completed)
    scene.check_serving(wanted)


def test_a_way_back_that_is_killed_is_gone_to_its_end(scene: Scene) -> None:
    wanted = scene.another("killed")
    with deploying(scene.production, wanted) as run:
        run.until("platform-a", "done")
        run.process.terminate()
        run.until("platform-a", "undoing")
        run.kill()
    check_cut_off(scene, "deploy", "platform-a", word="takes back what is left")
    back(scene, wanted)


def test_a_journal_whose_last_line_is_cut_off_is_gone_on_with(scene: Scene) -> None:
    """As a power cut leaves it; and with the draft of a release that never became one."""
    wanted = scene.another("killed")
    with deploying(scene.production, wanted) as run:
        run.until("install", "done")
        run.kill()
    releases = scene.production.folder / "releases"
    with (releases / "journal.jsonl").open("a") as journal:
        journal.write('{"at": "2026-11-28T01:00:00+00:00", "step": "platf')
    (releases / ".next/secrets").mkdir(parents=True)
    (releases / ".next/.env").write_text("DB_PASSWORD=old\n")
    again(scene, wanted)
    assert not (releases / ".next").exists()


def check_cut_off(scene: Scene, verb: str, step: str, *, word: str = "finishes it") -> None:
    status = scene.status()
    assert status["state"] == "cut off", status
    assert status["under_way"].startswith(f"{verb} of release ")
    # Between the mark and the kill the next step may have been begun.
    names = [*STEPS[STEPS.index(step) :]][:2]
    assert status["under_way"].rpartition(": ")[2] in names, status
    assert word in status["what_to_do"]
    assert "menuvo rollback" in status["what_to_do"] or "menuvo deploy" in status["what_to_do"]


STEPS = [
    *("canary", "install", "platform-a", "soak", "platform-b"),
    *("worker-images", "worker-imports", "monitoring", "settle"),
]
