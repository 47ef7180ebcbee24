"""A backup in the place of what serves: done, taken back, and killed in between."""

from collections.abc import Callable

import pytest

from tests.system.rollout import migrations
from tests.system.rollout.backups import (
    HALF,
    KEPT,
    back_up,
    check_restored,
    contents,
    differing,
    rename_store,
    restore,
)
from tests.system.rollout.meanwhile import Run, running
from tests.system.rollout.scenes import Scene, ended_of, explained, steps_of
from tests.system.rollout.test_kills import running_containers
from tests.system.rollout.test_migrations import columns

pytestmark = pytest.mark.usefixtures("schema_as_before")

STEPS = ["stop", "replace", "migrate", "flush", "start", "confirm"]


@pytest.mark.core
def test_a_backup_comes_back_and_what_it_replaced_can_come_back_too(
    scene: Scene, months_of_orders: int
) -> None:
    wanted = contents(scene)
    name = back_up(scene, "--no-verify")
    rename_store(scene, "Renamed since")
    page, ordered = ordered_by_a_guest(scene)
    scene.production.sql("DELETE FROM opening_slots; TRUNCATE order_lines")
    since = contents(scene)
    assert {"stores", "opening_slots", "order_lines"} <= differing(since, wanted)
    assert ordered not in scene.production.request(page).text

    done = restore(scene, "latest")
    ended = check_restored(scene, done)
    assert list(steps_of(done)) == STEPS
    assert name in ended["sentence"]
    assert differing(contents(scene), wanted) == set()
    assert ordered in scene.production.request(page).text

    check_restored(scene, restore(scene, "--undo"))
    assert differing(contents(scene), since) == set()

    check_restored(scene, restore(scene, name))
    assert differing(contents(scene), wanted) == set()
    assert scene.production.sql(KEPT) == "2"
    assert restore(scene, "--forget").exit_code == 0
    assert scene.production.sql(KEPT) == "0"
    assert differing(contents(scene), wanted) == set()


def ordered_by_a_guest(scene: Scene) -> tuple[str, str]:
    """The page of an order in another restaurant than the demo's, and what it names."""
    slug, token, name = scene.production.sql(
        "SELECT slug, tracking_token, order_lines.name FROM order_lines"
        " JOIN orders ON orders.id = order_id JOIN stores ON stores.id = store_id"
        " WHERE guest_name = 'Amira' ORDER BY placed_at DESC LIMIT 1"
    ).split("|")
    return f"/{slug}/orders/{token}", name


def test_without_anybody_to_ask_nothing_is_restored(scene: Scene) -> None:
    back_up(scene, "--no-verify")
    before = contents(scene)
    done = scene.production.menuvo("restore", "latest")
    assert done.exit_code == 2
    assert "--yes" in done.complaints + explained(done)
    assert contents(scene) == before


def begun(step: str) -> Callable[[Scene, Run], None]:
    return lambda _, run: run.until(step, "begun")


def loading(scene: Scene, run: Run) -> None:
    """The new database stands beside the live one, half filled."""
    run.until("replace", "begun")
    scene.production.until(lambda: scene.production.sql(HALF) == "1", 60)


def switched(scene: Scene, run: Run) -> None:
    """The names are exchanged, and the tool has not heard of it yet."""
    run.until("replace", "begun")
    scene.production.until(lambda: scene.production.sql(KEPT) == "1", 60)


MOMENTS = {
    "before the stop": begun("stop"),
    "while it is loaded": loading,
    "as it has switched": switched,
    "before the start": begun("start"),
    "at the end": begun("confirm"),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
@pytest.mark.parametrize("way", ["again", "back"])
def test_a_restore_that_is_killed_is_ended_by_the_next_command(
    scene: Scene, moment: Callable[[Scene, Run], None], way: str
) -> None:
    wanted = contents(scene)
    name = back_up(scene, "--no-verify")
    rename_store(scene, "Renamed since")
    since = contents(scene)
    with running(scene.production, "restore", name, "--yes") as run:
        moment(scene, run)
        run.kill()
    status = scene.status()
    assert status["state"] == "cut off", status
    assert status["under_way"].startswith(f"restore of backup {name}, at: ")
    if way == "again":
        check_restored(scene, restore(scene, name))
        assert differing(contents(scene), wanted) == set()
    else:
        done = scene.roll_back()
        assert (done.exit_code, ended_of(done)["outcome"]) == (0, "done"), explained(done)
        scene.check_serving(scene.steady)
        assert scene.production.sql(HALF) == "0"
        assert differing(contents(scene), since) == set()
    assert not running_containers(scene, "backup-restore")
    scene.production.menuvo("restore", "--forget", "--yes")
    rename_store(scene, "As before")


def test_an_interrupted_restore_is_taken_back(scene: Scene) -> None:
    name = back_up(scene, "--no-verify")
    rename_store(scene, "Renamed since")
    since = contents(scene)
    scene.webhook.take()
    with running(scene.production, "restore", name, "--yes") as run:
        run.until("replace", "begun")
        run.process.terminate()
        done = run.end()
    check_restored(scene, done, "rolled_back")
    assert differing(contents(scene), since) == set()


def test_an_older_schema_is_brought_to_what_serves(scene: Scene) -> None:
    name = back_up(scene, "--no-verify")
    grown = scene.build("expands")
    scene.check(scene.deploy(grown), "done", serves=grown)
    done = restore(scene, name)
    assert done.exit_code == 0, explained(done)
    scene.check_serving(grown)
    assert (scene.revision, columns(scene)) == (migrations.EXPAND.number, "rollout_note")
    scene.check(scene.roll_back(), "done", serves=scene.steady)
    scene.production.menuvo("restore", "--forget", "--yes")


def test_a_newer_schema_that_what_serves_cannot_live_with_is_refused(scene: Scene) -> None:
    between, contract = scene.build("expands"), scene.build("contract")
    older = back_up(scene, "--no-verify")
    scene.check(scene.deploy(between), "done", serves=between)
    scene.check(scene.deploy(contract), "done", serves=contract)
    newer = back_up(scene, "--no-verify")
    scene.check(scene.roll_back(), "done", serves=between)
    check = restore(scene, older)
    assert check.exit_code == 0, explained(check)
    scene.check(scene.roll_back(scene.steady.version), "done", serves=scene.steady)
    refused = restore(scene, newer)
    told = ended_of(refused)
    assert (refused.exit_code, told["outcome"]) == (1, "refused"), explained(refused)
    assert f"It is at schema {migrations.CONTRACT.number}" in told["sentence"]
    assert older in told["sentence"]
    scene.check_serving(scene.steady)
    scene.production.menuvo("restore", "--forget", "--yes")
