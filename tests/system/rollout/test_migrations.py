"""Releases that change the schema, well or badly."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from menuvo_platform.db.schema import HEAD
from tests.system.rollout import migrations
from tests.system.rollout.load import running_load
from tests.system.rollout.scenes import (
    Scene,
    explained,
    notes_of,
    steps_of,
)
from tests.system.rollout.test_under_load import LIGHT, assert_nothing_was_lost
from tests.system.rollout.variants import table_held

NEXT, AFTER = migrations.EXPAND.number, migrations.CONTRACT.number
_COLUMNS = (
    "SELECT string_agg(column_name, ',') FROM information_schema.columns"
    " WHERE column_name LIKE 'rollout%'"
)
_WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE application_name = 'menuvo-migrate' AND wait_event_type = 'Lock'"
)

pytestmark = pytest.mark.usefixtures("schema_as_before")


def test_a_schema_that_grows_is_deployed_under_load_and_the_release_before_can_come_back(
    scene: Scene,
) -> None:
    grown = scene.build("expands")
    with running_load(scene.production, per_second=LIGHT) as load:
        done = scene.deploy(grown)
        scene.check(done, "done", serves=grown)
        assert list(steps_of(done))[:3] == ["dump", "migrate", "canary"]
        assert scene.revision == NEXT
        back = scene.roll_back()
        ended = scene.check(back, "done", serves=scene.steady)
        result = load.result()
    assert (scene.revision, columns(scene)) == (NEXT, "rollout_note")
    assert ended["schema_ahead"]
    ahead = f"The database stays at schema {NEXT}; this release made {HEAD}."
    assert ahead in notes_of(back), explained(back)
    assert result.failures == [], result
    assert_nothing_was_lost(result)
    scene.check_converged()


def test_a_migration_that_fails_half_way_changes_nothing_that_serves(scene: Scene) -> None:
    done = scene.deploy(scene.build("fails_half_way"))
    ended = scene.check(done, "serving_as_before", serves=scene.steady)
    assert steps_of(done) == {"dump": "done", "migrate": "failed"}
    assert "division by zero" in ended["hint"]
    # The step that failed left nothing; the one before it stays, and that is said.
    assert (scene.revision, columns(scene)) == (NEXT, "rollout_note")
    assert ended["schema_ahead"]
    assert f"The database is at {NEXT}" in ended["hint"]
    scene.check_converged()


def test_a_migration_waits_for_a_lock_and_goes_on_when_it_is_free(scene: Scene) -> None:
    blocked = scene.build("blocks")
    with (
        table_held(scene.bed.engine, container_of(scene, "postgres"), "orders") as let_go,
        ThreadPoolExecutor(1) as beside,
    ):
        freed = beside.submit(let_go_after_a_try, scene, let_go)
        done = scene.deploy(blocked)
        freed.result()
    scene.check(done, "done", serves=blocked)
    assert any("a lock was not to be had (try 1)" in told for told in notes_of(done))
    assert (scene.revision, columns(scene)) == (NEXT, "rollout_note")
    scene.check(scene.roll_back(), "done", serves=scene.steady)


def test_a_migration_that_never_gets_its_lock_gives_up_and_nothing_was_switched(
    scene: Scene,
) -> None:
    blocked = scene.build("blocks")
    with table_held(scene.bed.engine, container_of(scene, "postgres"), "orders"):
        done = scene.deploy(blocked)
    ended = scene.check(done, "serving_as_before", serves=scene.steady)
    assert steps_of(done) == {"dump": "done", "migrate": "failed"}
    assert "a lock was not to be had" in ended["hint"]
    assert "holder of orders" in ended["hint"]
    assert (scene.revision, columns(scene)) == (HEAD, "")
    assert not ended["schema_ahead"]
    scene.check_converged()


def test_a_rename_that_no_check_has_stopped_costs_orders_until_both_instances_are_new(
    scene: Scene,
) -> None:
    """The gates of this repository refuse it (tests/meta/test_variants.py), a server does not: what
    is missing then, and that nothing is which was acknowledged."""
    destructive = scene.build("destructive")
    with running_load(scene.production, per_second=LIGHT) as load:
        done = scene.deploy(destructive)
        scene.check(done, "done", serves=destructive)
        result = load.result()
    failed = {one.kind for one in result.failures}
    assert "place" in failed, result
    assert failed <= {"place", "order", "board"}, result
    assert {one.release for one in result.failures} <= {scene.steady.version, ""}, result
    assert_nothing_was_lost(result)
    scene.production.sql("ALTER TABLE orders RENAME COLUMN rollout_allergy TO allergy_note")


def test_a_contract_needs_the_release_in_between_and_has_no_way_back_past_it(
    scene: Scene,
) -> None:
    contract, between = scene.build("contract"), scene.build("expands")
    refused = scene.check(scene.deploy(contract), "refused", serves=scene.steady)
    assert f"Deploy a release with schema {NEXT} first" in refused["sentence"]
    assert scene.revision == HEAD

    scene.check(scene.deploy(between), "done", serves=between)
    scene.check(scene.deploy(contract), "done", serves=contract)
    assert (scene.revision, columns(scene)) == (AFTER, "")

    past = scene.roll_back(scene.steady.version)
    refused = scene.check(past, "refused", serves=contract)
    assert f"for which a release needs schema {NEXT}" in refused["sentence"]
    assert between.version in refused["sentence"].partition("These can come back")[2]
    scene.check(scene.roll_back(), "done", serves=between)
    scene.production.sql(migrations.AS_BEFORE)


def let_go_after_a_try(scene: Scene, let_go: Callable[[], None]) -> None:
    """Once the migration has waited for the lock and has given up."""

    def waits() -> bool:
        return scene.production.sql(_WAITING) == "1"

    scene.production.until(waits, 120)
    scene.production.until(lambda: not waits(), 20)
    let_go()


def columns(scene: Scene) -> str:
    return scene.production.sql(_COLUMNS)


def container_of(scene: Scene, service: str) -> str:
    return scene.production.project.inspect(service)["Id"]
