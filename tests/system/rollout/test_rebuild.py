"""The server is gone: an empty one, the bucket and one file bring everything back."""

import json
import os
import sys
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.system.bed.bed import Bed
from tests.system.guides import Operator, commands
from tests.system.rollout.archives import until_it_goes_back, window
from tests.system.rollout.backups import KEPT, Contents, contents, differing
from tests.system.rollout.deployed import Done
from tests.system.rollout.losing import Loss, losable_production
from tests.system.rollout.meanwhile import running
from tests.system.rollout.scenes import ended_of, explained, steps_of

STEPS = [
    *("foundation", "recover", "place", "database", "recall"),
    *("migrate", "everything", "confirm", "monitoring", "settle"),
]
RUNBOOK = "rebuild-the-server"


@pytest.fixture(scope="module")
def standing(bed: Bed, tmp_path_factory: pytest.TempPathFactory) -> Generator[Loss]:
    with losable_production(bed, tmp_path_factory.mktemp("lost")) as loss:
        yield loss


@pytest.fixture
def loss(standing: Loss) -> Loss:
    """With an empty server."""
    standing.lose()
    return standing


@pytest.fixture
def served(standing: Loss) -> Loss:
    if not standing.has_everything:
        check_rebuilt(standing, rebuild(standing))
    return standing


def rebuild(loss: Loss, *options: str, file: Path | None = None) -> Done:
    loss.scene.webhook.take()
    return loss.production.menuvo("rebuild", str(file or loss.recovery_file), "--yes", *options)


def check_rebuilt(loss: Loss, done: Done, wanted: Contents | None = None) -> None:
    """What holds however often it took to get there; with all that was there, if not `wanted`."""
    ended = ended_of(done)
    assert (done.exit_code, ended["outcome"]) == (0, "done"), explained(done)
    assert differing(contents(loss.scene), wanted or loss.before) == set()
    assert loss.production.sql(KEPT) == "0"
    loss.scene.check_serving(loss.scene.steady)
    assert loss.scene.webhook.told, "nobody was told"


@pytest.mark.core
def test_an_empty_server_is_the_production_again_with_what_was_ordered_since_its_last_backup(
    loss: Loss,
) -> None:
    assert differing(loss.backed_up, loss.before) >= {"orders"}
    done = rebuild(loss)
    check_rebuilt(loss, done)
    ended = ended_of(done)
    assert list(steps_of(done)) == STEPS
    assert ended["sentence"].startswith("Rebuilt in ")
    assert "the last moment in the archive: the last commit was at " in ended["sentence"]
    for step in ("fetch", *STEPS):
        assert f"{step} " in ended["hint"]
    orders = int(loss.production.sql("SELECT count(*) FROM orders"))
    assert loss.order()
    assert int(loss.production.sql("SELECT count(*) FROM orders")) == orders + 1
    # And it is archived on, as another line that begins with a base backup of its own.
    opened = loss.production.sql("SELECT pg_postmaster_start_time() AT TIME ZONE 'UTC'")
    loss.production.until(lambda: _base_ended(loss) > opened, 120)
    assert window(loss.scene)["timeline"] > 1


def _base_ended(loss: Loss) -> str:
    return window(loss.scene)["base"]["ended"].replace("T", " ")


def test_a_server_that_has_something_is_refused_and_nothing_changes(served: Loss) -> None:
    before, status = contents(served.scene), served.scene.status()
    done = rebuild(served)
    assert (done.exit_code, ended_of(done)["outcome"]) == (1, "refused"), explained(done)
    told = ended_of(done)["sentence"]
    assert f"Release {status['release']} (lost) was deployed here" in told
    assert "There is a database already" in told
    assert "menuvo restore" in told
    assert steps_of(done) == {}
    assert differing(contents(served.scene), before) == set()
    assert served.scene.status() == status


def test_a_drill_brings_the_backup_and_five_minutes_ago_back_and_touches_nothing(
    served: Loss,
) -> None:
    until_it_goes_back(served.scene, timedelta(minutes=5))
    before, archive = contents(served.scene), window(served.scene)
    done = served.production.menuvo("drill")
    assert done.exit_code == 0, explained(done)
    drilled, recovered = (one for one in done.events if one["event"] == "drilled")
    assert drilled["rows"] > 0
    assert drilled["restore_seconds"] > 0
    assert drilled["age_seconds"] > 0
    assert (recovered["trial"], recovered["amcheck"]) == ("five-minutes-ago", "passed")
    assert 0 <= recovered["lag_seconds"] < 60
    remembered = json.loads((served.production.folder / "releases/drill.json").read_text())
    assert (remembered["outcome"], remembered["trials"]) == ("good", _trials(drilled, recovered))
    again = served.production.menuvo("drill", "--due")
    assert ended_of(again)["sentence"].startswith("Nothing is due")
    assert differing(contents(served.scene), before) == set()
    since = window(served.scene)
    for what in ("system", "timeline", "begin", "base", "earlier"):
        assert since[what] == archive[what], what
    held = served.production.project.execute("postgres-backup", "ls", "/var/lib/menuvo/backups")
    assert not {"trial", "trial.partial", "scratch"} & set(held.split())


def _trials(*drilled: dict[str, Any]) -> list[dict[str, Any]]:
    return [{name: told for name, told in one.items() if name != "event"} for one in drilled]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("a-long-secret-of-the-bed", "another-key-than-the-one", "key"),
        ("BACKUP_S3_PREFIX=menuvo", "BACKUP_S3_PREFIX=nothing-here", "has no backup"),
    ],
    ids=["a wrong key", "an empty bucket"],
)
def test_what_cannot_go_well_is_told_before_anything_is_done(
    loss: Loss, old: str, new: str, told: str
) -> None:
    done = rebuild(loss, file=loss.changed_file(old, new))
    assert (done.exit_code, ended_of(done)["outcome"]) == (1, "refused"), explained(done)
    assert told in ended_of(done)["sentence"].lower(), explained(done)
    assert steps_of(done) == {}
    assert loss.volumes() == []
    assert not (loss.production.folder / ".env").exists()
    assert list(loss.production.folder.glob("releases/*/release.json")) == []


@pytest.mark.parametrize("step", ["recover", "place", "everything"])
def test_a_rebuild_that_is_killed_is_finished_by_the_same_command(loss: Loss, step: str) -> None:
    with running(loss.production, "rebuild", str(loss.recovery_file), "--yes") as run:
        run.until(step, "begun")
        run.kill()
    status = loss.scene.status()
    assert status["state"] == "cut off", status
    assert status["under_way"] == f"rebuild with the database of latest, at: {step}", status
    check_rebuilt(loss, rebuild(loss))


def test_a_backup_is_taken_where_it_is_asked_for_and_also_after_a_kill(loss: Loss) -> None:
    newest = ("--backup", "latest")
    with running(loss.production, "rebuild", str(loss.recovery_file), "--yes", *newest) as run:
        run.until("load", "begun")
        run.kill()
    assert loss.scene.status()["under_way"].startswith("rebuild from backup ")
    done = rebuild(loss, *newest)
    check_rebuilt(loss, done, loss.backed_up)
    assert "What was ordered since that backup is not in it." in ended_of(done)["hint"]


def test_the_runbook_does_what_it_says(served: Loss) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    way = " ".join(served.way)
    here = {
        "--host deploy@example.org": way,
        "--host deploy@new.example.org": way,
        "./menuvo rebuild": "menuvo rebuild --yes",
        "./menuvo": "menuvo",
        "menuvo.example.org": "menuvo.localhost",
    }
    operator = Operator(served.kept, {**os.environ, "PATH": path}, here)
    written, *rest = commands(RUNBOOK, folder="runbooks")
    assert served.order()
    served.archive()
    operator.type(written)
    served.wipe()
    said = {command: operator.type(command) for command in rest}
    assert "(lost) serves." in said["./menuvo deploy status --host deploy@new.example.org"]
    assert differing(contents(served.scene), served.before) == set()


def test_one_that_is_taken_back_leaves_nothing_running_and_can_be_begun_again(loss: Loss) -> None:
    with running(loss.production, "rebuild", str(loss.recovery_file), "--yes") as run:
        run.until("everything", "begun")
        run.kill()
    back = loss.scene.roll_back()
    assert (back.exit_code, ended_of(back)["outcome"]) == (0, "done"), explained(back)
    assert loss.production.project.services() == {}
    assert loss.volumes() != []
    done = rebuild(loss)
    assert done.exit_code == 0, explained(done)
    loss.scene.check_serving(loss.scene.steady)
    loss.production.menuvo("restore", "--forget", "--yes")
