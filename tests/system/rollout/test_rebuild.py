"""The server is gone: an empty one, the bucket and one file bring everything back."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from tests.system.bed.bed import Bed
from tests.system.guests import Guest
from tests.system.guides import Operator, commands
from tests.system.rollout.backups import KEPT, contents, differing
from tests.system.rollout.deployed import Done
from tests.system.rollout.losing import Loss, losable_production, menu_address
from tests.system.rollout.meanwhile import Run, running
from tests.system.rollout.scenes import ended_of, explained, steps_of

STEPS = ["foundation", "recall", "load", "migrate", "everything", "confirm", "settle"]
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


def check_rebuilt(loss: Loss, done: Done) -> None:
    """What holds however often it took to get there."""
    ended = ended_of(done)
    assert (done.exit_code, ended["outcome"]) == (0, "done"), explained(done)
    assert loss.before is not None
    assert differing(contents(loss.scene), loss.before) == set()
    assert loss.production.sql(KEPT) == "0"
    loss.scene.check_serving(loss.scene.steady)
    assert loss.scene.webhook.told, "nobody was told"


async def order(loss: Loss) -> str:
    async with loss.production.async_client() as client:
        return await Guest(client, menu_address(loss.production)).order_patiently(60)


@pytest.mark.core
def test_an_empty_server_is_the_production_again(loss: Loss) -> None:
    done = rebuild(loss)
    check_rebuilt(loss, done)
    ended = ended_of(done)
    assert list(steps_of(done)) == STEPS
    assert ended["sentence"].startswith("Rebuilt in ")
    assert "ago" in ended["sentence"] or "just now" in ended["sentence"]
    for step in ("fetch", *STEPS):
        assert f"{step} " in ended["hint"]
    orders = int(loss.production.sql("SELECT count(*) FROM orders"))
    assert asyncio.run(order(loss))
    assert int(loss.production.sql("SELECT count(*) FROM orders")) == orders + 1


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


def test_a_drill_says_what_a_restore_would_bring_back_and_remembers_it(served: Loss) -> None:
    before = contents(served.scene)
    done = served.production.menuvo("drill")
    assert done.exit_code == 0, explained(done)
    [drilled] = [one for one in done.events if one["event"] == "drilled"]
    assert drilled["rows"] > 0
    assert drilled["restore_seconds"] > 0
    assert drilled["age_seconds"] > 0
    remembered = json.loads((served.production.folder / "releases/drill.json").read_text())
    assert (remembered["outcome"], remembered["trials"][0]["backup"]) == ("good", drilled["backup"])
    again = served.production.menuvo("drill", "--due")
    assert ended_of(again)["sentence"].startswith("Nothing is due")
    assert differing(contents(served.scene), before) == set()


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


def begun(step: str) -> Callable[[Run], None]:
    return lambda run: run.until(step, "begun")


@pytest.mark.parametrize("moment", [begun("load"), begun("everything")], ids=["load", "everything"])
def test_a_rebuild_that_is_killed_is_finished_by_the_same_command(
    loss: Loss, moment: Callable[[Run], None]
) -> None:
    with running(loss.production, "rebuild", str(loss.recovery_file), "--yes") as run:
        moment(run)
        run.kill()
    status = loss.scene.status()
    assert status["state"] == "cut off", status
    assert status["under_way"].startswith("rebuild from backup "), status
    check_rebuilt(loss, rebuild(loss))


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
    served.before = contents(served.scene)
    assert served.production.menuvo("backup", "now", "--no-verify").exit_code == 0
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
