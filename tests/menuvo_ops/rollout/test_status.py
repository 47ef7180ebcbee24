"""What is true, also after a run that was killed."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.menuvo_ops.rollout.releases import admit, provided, release

from menuvo_ops.environment import Deployment
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.journal import Journal, Mark, Verb
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.status import Status, as_text, status


def found(archive: Archive) -> Status:
    return status(Stack(Deployment(archive.deployment)), archive)


@pytest.fixture
def cut_off(tmp_path: Path) -> Archive:
    """In its first deploy, so that there are no containers to ask for."""
    archive = provided(tmp_path)
    journal = Journal(archive.journal)
    journal.open("deploy", 1, None, {})
    admit(archive, release(1), serves=False)
    journal.mark("foundation", "begun")
    return archive


def test_before_the_first_deploy_it_says_how_to_begin(tmp_path: Path) -> None:
    there = found(provided(tmp_path))
    assert (there.state, there.what_to_do) == ("empty", "menuvo deploy")
    assert as_text(there) == "Nothing was deployed here yet.\nmenuvo deploy"


def test_who_is_at_work_is_told_with_the_step(cut_off: Archive) -> None:
    with Lock(cut_off.lock, "somebody").take() as lock:
        lock.note("start the database")
        there = found(cut_off)
    assert there.state == "at work"
    assert "somebody" in there.under_way
    assert "start the database" in there.under_way


def test_what_was_cut_off_is_told_with_the_step_and_the_way_out(cut_off: Archive) -> None:
    there = found(cut_off)
    assert there.state == "cut off"
    assert there.under_way == "deploy of release 1, at: foundation"
    assert "The same deploy again" in as_text(there)
    assert "menuvo rollback" in as_text(there)


def test_a_killed_run_is_not_at_work_although_what_it_started_is(cut_off: Archive) -> None:
    script = (
        "import sys; from pathlib import Path; from menuvo_ops.rollout.lock import Lock\n"
        "import subprocess, os\n"
        "lock = Lock(Path(sys.argv[1]), 'somebody').take()\n"
        "subprocess.Popen(['cat'], stdout=subprocess.DEVNULL, pass_fds=(lock.descriptor,))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    argv = [sys.executable, "-c", script, str(cut_off.lock)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE) as process:
        process.wait()
        assert found(cut_off).state == "cut off"


@pytest.mark.parametrize(
    ("verb", "mark", "told"),
    [
        ("deploy", "begun", "The same deploy again finishes it; menuvo rollback takes it back."),
        ("deploy", "undoing", "menuvo deploy first takes back what is left of it."),
        ("rebuild", "done", "The same rebuild again finishes it; menuvo rollback takes it back."),
        ("rebuild", "failed", "menuvo rebuild first takes back what is left of it."),
        ("rollback", "done", "menuvo rollback again finishes it; a deploy takes it back first."),
        ("rollback", "failed", "menuvo rollback first takes back what is left of it."),
    ],
)
def test_the_way_out_fits_what_was_asked_for(
    tmp_path: Path, verb: Verb, mark: Mark, told: str
) -> None:
    archive = provided(tmp_path)
    journal = Journal(archive.journal)
    journal.open(verb, 1, None, {})
    journal.mark("platform-a", mark)
    admit(archive, release(1), serves=False)
    assert found(archive).what_to_do == told
