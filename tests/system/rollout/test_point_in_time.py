"""The database of a moment in the place of what serves: after a mistake, after a loss, and when the
tool is killed in between."""

from datetime import datetime, timedelta

import pytest

from tests.system.rollout.archives import (
    lose,
    next_second,
    now,
    until_archived,
    until_it_has_a_base,
    window,
)
from tests.system.rollout.backups import (
    check_restored,
    contents,
    differing,
    rename_store,
    restore,
)
from tests.system.rollout.load import running_load
from tests.system.rollout.meanwhile import running
from tests.system.rollout.scenes import Scene, ended_of, explained, notes_of, steps_of
from tests.system.rollout.test_kills import running_containers

STEPS = [
    *("recover", "stop", "exchange", "database", "migrate"),
    *("flush", "start", "archive", "confirm"),
]
_MOST_LOST = timedelta(seconds=60)
_COMMITTED = "the last that was committed was at "
_LOOK = (
    "touch /var/lib/menuvo/recovered/mine && find / -name PG_VERSION 2>/dev/null;"
    " ls /var/lib/menuvo/recovered"
)


@pytest.mark.core
def test_what_was_changed_by_mistake_comes_back_and_the_mistake_can_too(
    scene: Scene,
) -> None:
    until_it_has_a_base(scene)
    with running_load(scene.production) as load:
        load.until_requests(200)
    assert not load.result().lost
    wanted, moment = contents(scene), next_second(scene)
    rename_store(scene, "Changed by mistake")
    with running_load(scene.production) as later:
        later.until_requests(200)
        until_archived(scene, moment)
        with running(scene.production, "restore", "--at", moment, "--yes") as run:
            scene.webhook.take()
            # Guests order while it is recovered.
            run.until("stop", "begun")
            later.stop()
            done = run.end()
    check_restored(scene, done)
    assert list(steps_of(done)) == STEPS
    assert differing(contents(scene), wanted) == set()

    check_restored(scene, restore(scene, "--undo"))
    assert scene.production.sql("SELECT DISTINCT name FROM stores") == "Changed by mistake"
    assert later.result().acknowledged
    assert not later.result().lost
    assert restore(scene, "--forget").exit_code == 0


def test_a_destroyed_database_comes_back_from_the_bucket_alone(scene: Scene) -> None:
    until_it_has_a_base(scene)
    with running_load(scene.production) as load:
        load.until_requests(200)
        acknowledged, moment = tuple(load.acknowledged), next_second(scene)
        assert acknowledged
        until_archived(scene, moment)
        killed = datetime.fromisoformat(now(scene))
        lose(scene, "postgres", "postgres-data")
        lose(scene, "postgres-backup", "backups")
    done = restore(scene, "--at", "latest")
    check_restored(scene, done)
    [told] = [note for note in notes_of(done) if _COMMITTED in note]
    last = datetime.fromisoformat(told.split(_COMMITTED)[1].split(" ")[0].rstrip("."))
    assert last >= killed - _MOST_LOST, told
    result = load.result()
    assert not result.doubled
    assert not set(acknowledged) & set(result.lost)
    # And it goes on: another line, with a base backup of its own.
    until_it_has_a_base(scene)
    assert datetime.fromisoformat(window(scene)["base"]["ended"]) > killed


def test_the_latest_is_refused_where_the_database_serves(scene: Scene) -> None:
    done = restore(scene, "--at", "latest")
    assert (done.exit_code, ended_of(done)["outcome"]) == (1, "refused"), explained(done)
    assert "PostgreSQL serves" in ended_of(done)["sentence"]
    scene.check_serving(scene.steady)


def test_who_recovers_sees_one_folder_of_the_live_databases_volume(scene: Scene) -> None:
    production = scene.production
    moving = ("run", "--rm", "--no-TTY", "--no-deps", "--entrypoint=/bin/sh", "postgres")
    production.compose(*moving, "/etc/menuvo/clusters.sh", "room", "10003:10003")
    sees = ("run", "--rm", "--no-TTY", "--no-deps", "backup-recover", "sh", "-c", _LOOK)
    assert production.compose(*sees).split() == ["mine"]
    found = production.compose(*moving, "/etc/menuvo/clusters.sh", "list")
    assert found.startswith("live ")
    production.compose(*moving, "/etc/menuvo/clusters.sh", "drop", "recovered")


@pytest.mark.parametrize(
    ("step", "way"),
    [
        *(("recover", "back"), ("stop", "again"), ("exchange", "back")),
        *(("database", "again"), ("start", "back"), ("archive", "again")),
    ],
)
def test_a_restore_that_is_killed_is_ended_by_the_next_command(
    scene: Scene, step: str, way: str
) -> None:
    until_it_has_a_base(scene)
    wanted, moment = contents(scene), next_second(scene)
    rename_store(scene, f"Renamed since {step}")
    since = contents(scene)
    until_archived(scene, moment)
    with running(scene.production, "restore", "--at", moment, "--yes") as run:
        run.until(step, "begun")
        run.kill()
    status = scene.status()
    assert status["state"] == "cut off", status
    assert status["under_way"] == f"restore of the database of {moment}, at: {step}"
    if way == "again":
        check_restored(scene, restore(scene, "--at", moment))
        assert differing(contents(scene), wanted) == set()
    else:
        done = scene.roll_back()
        assert (done.exit_code, ended_of(done)["outcome"]) == (0, "done"), explained(done)
        scene.check_serving(scene.steady)
        assert differing(contents(scene), since) == set()
    assert not running_containers(scene, "backup-recover")
    scene.production.menuvo("restore", "--forget", "--yes")
