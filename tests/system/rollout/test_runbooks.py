"""The runbooks of backups and restores, followed as they are written by somebody on the server."""

import pytest

from tests.system.guides import Operator, commands
from tests.system.rollout.archives import (
    lose,
    next_second,
    until_archived,
    until_it_has_a_base,
)
from tests.system.rollout.backups import back_up, contents, differing, listed, rename_store
from tests.system.rollout.load import running_load
from tests.system.rollout.meanwhile import environment
from tests.system.rollout.scenes import Scene
from tests.system.rollout.test_backups import flip_in_bucket

pytestmark = pytest.mark.usefixtures("schema_as_before")

# Nobody is there to type `y`.
AGREED = "./menuvo restore --yes"


def operator_on(scene: Scene, **here: str) -> Operator:
    words = {"./menuvo restore": AGREED, **here}
    return Operator(scene.production.folder, environment(scene.production), words)


def named(runbook: str, beginning: str) -> str:
    """The one command of it that begins so."""
    [found] = [one for one in commands(runbook, folder="runbooks") if one.startswith(beginning)]
    return found


def test_the_runbook_of_restores_brings_a_backup_back(scene: Scene) -> None:
    listing, looking, restoring, undoing, forgetting, *_ = commands("restore", folder="runbooks")
    wanted = contents(scene)
    name = back_up(scene)
    rename_store(scene, "Renamed since")
    since = contents(scene)
    operator = operator_on(scene, ID=name)
    assert "restored for trial" in operator.type(listing)
    operator.type(looking)
    assert differing(contents(scene), since) == set()
    operator.type(restoring)
    assert differing(contents(scene), wanted) == set()
    databases = operator.type(
        named("restore", "docker compose exec postgres psql --username=menuvo --list")
    )
    [kept] = [one for one in databases.split() if one.startswith("menuvo_before_")]
    operator_on(scene, menuvo_before_MOMENT=kept).type(
        named("restore", "docker compose exec postgres psql --username=menuvo --dbname")
    )
    operator.type(undoing)
    assert differing(contents(scene), since) == set()
    operator.type(forgetting)


def test_the_runbook_of_restores_brings_a_moment_and_a_lost_database_back(scene: Scene) -> None:
    window, looking, restoring, *lost = commands("restore", folder="runbooks")[5:11]
    assert lost[-1] == "./menuvo restore --at latest"
    until_it_has_a_base(scene)
    with running_load(scene.production) as load:
        load.until_requests(200)
    wanted, moment = contents(scene), next_second(scene)
    rename_store(scene, "Renamed by mistake")
    with running_load(scene.production) as later:
        later.until_requests(200)
        until_archived(scene, moment)
    operator = operator_on(scene, **{"2026-11-23 18:05": moment})
    for command in (window, looking, restoring):
        operator.type(command)
    assert differing(contents(scene), wanted) == set()
    until_it_has_a_base(scene)
    until_archived(scene, next_second(scene))
    lose(scene, "postgres", "postgres-data")
    for command in lost:
        operator.type(command)
    scene.check_serving(scene.steady)


def test_the_runbook_of_failed_backups_ends_with_a_good_one(scene: Scene) -> None:
    name = back_up(scene, "--no-verify")
    flip_in_bucket(scene, f"{name}/database.dump")
    assert scene.production.menuvo("backup", "verify", name).exit_code == 1
    operator = operator_on(scene)
    said = operator.follow("backup-failed", folder="runbooks")
    assert "changed the bucket" in said["./menuvo backup list"]
    newest = listed(scene)[0]
    assert (newest["outcome"], newest["verified"]["source"]) == ("good", "bucket")
    scene.production.until(
        lambda: "(healthy)" in operator.type("docker compose ps postgres-backup"), 90
    )
