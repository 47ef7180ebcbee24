"""What else may happen while a release is replaced: the database restarts, pictures are made."""

from concurrent.futures import ThreadPoolExecutor

from tests.system.rollout.load import running_load
from tests.system.rollout.scenes import INSTANCES, Scene, explained, steps_of
from tests.system.rollout.test_under_load import LIGHT, assert_nothing_was_lost

_AGAIN = (
    "UPDATE images SET state = 'processing', widths = '{}';"
    " UPDATE jobs SET state = 'queued', attempts = 0, not_before = now(), finished_at = NULL"
    " WHERE kind = 'images.render'"
)
_RENDERED = "SELECT count(*) FROM jobs WHERE kind = 'images.render' AND state = 'done'"
_MADE = "SELECT count(*) FROM images WHERE state = 'ready'"
_OPEN = "SELECT count(*) FROM jobs WHERE state <> 'done'"
_TAKEN_UP = "SELECT max(attempts) FROM jobs WHERE kind = 'images.render'"


def test_a_database_that_restarts_in_mid_deploy_costs_answers_and_no_order(scene: Scene) -> None:
    better = scene.another("better")
    with (
        running_load(scene.production, per_second=LIGHT) as load,
        ThreadPoolExecutor(1) as beside,
    ):
        restarted = beside.submit(restart_the_database_in_mid_deploy, scene)
        done = scene.deploy(better)
        restarted.result()
        result = load.result()
    # It goes on or goes back; either is said, and each leaves one release on both instances.
    outcome = {0: "done", 3: "rolled_back", 5: "probe_saw_failures"}[done.exit_code]
    serves = scene.steady if outcome == "rolled_back" else better
    ended = scene.check(done, outcome, serves=serves, failures_allowed=True)
    assert ended["failed"] > 0, "the restart was not felt"
    assert_nothing_was_lost(result)


def restart_the_database_in_mid_deploy(scene: Scene) -> None:
    """When one instance is new already."""
    first = id_of(scene, INSTANCES[0])
    scene.production.until(lambda: id_of(scene, INSTANCES[0]) not in {first, ""}, 240)
    scene.production.compose("restart", "postgres")


def test_pictures_that_are_being_made_while_workers_are_replaced_are_all_made_once(
    scene: Scene,
) -> None:
    production = scene.production
    pictures = int(production.sql(_MADE))
    assert pictures > 80
    better = scene.another("better")
    with ThreadPoolExecutor(1) as beside:
        queued = beside.submit(queue_when_the_second_instance_goes, scene)
        done = scene.deploy(better)
        left = queued.result()
    scene.check(done, "done", serves=better)
    assert steps_of(done)["worker-images"] == "done", explained(done)
    assert left > 0, "all pictures were made before the worker was replaced"
    production.until(lambda: production.sql(_OPEN) == "0", 240)
    assert int(production.sql(_MADE)) == pictures
    # Handed back and taken up again at most, and never given up.
    assert int(production.sql(_TAKEN_UP)) <= 2


def queue_when_the_second_instance_goes(scene: Scene) -> int:
    """How many were still to be made when the old worker was gone."""
    production = scene.production
    before, second = id_of(scene, "worker-images"), id_of(scene, INSTANCES[1])
    production.until(lambda: id_of(scene, INSTANCES[1]) not in {second, ""}, 240)
    production.sql(_AGAIN)
    production.until(lambda: id_of(scene, "worker-images") not in {before, ""}, 240)
    return int(production.sql(_OPEN))


def id_of(scene: Scene, service: str) -> str:
    """Empty while none runs. In one question: what is asked about may be gone before a second."""
    project = scene.production.project
    labels = {"project": project.project.name, "service": service}
    filters = [f"--filter=label=com.docker.compose.{name}={of}" for name, of in labels.items()]
    argv = ["docker", "ps", "--quiet", "--no-trunc", *filters]
    return project.engine.docker(argv, what=f"Looking for {service}").strip()
