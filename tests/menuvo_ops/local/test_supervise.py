"""The supervisor as a process of its own, with stand-ins for the platform."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.menuvo_ops.waiting import eventually

from menuvo_ops import flock
from menuvo_ops.errors import AlreadyRunning, OpsError
from menuvo_ops.local import control, lock
from menuvo_ops.local.leftovers import find_leftovers, stop_leftovers
from menuvo_ops.local.paths import Clone
from menuvo_ops.operations.embedded.down import down
from menuvo_ops.operations.embedded.report import report
from menuvo_ops.operations.engines import Embedded
from menuvo_ops.operations.status import status

pytestmark = [pytest.mark.system, pytest.mark.core]

STACK = """
import sys
from dataclasses import replace
from pathlib import Path
from menuvo_ops.local import lock
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.supervise import supervise
from tests.menuvo_ops.standins import keeping_output, task, web_service

clone = Clone(Path(sys.argv[1]))
demo = '{"menu_path": "/m", "table_path": "/q/t", "console_path": "/console", "logins": []}'
services = [
    web_service("store"),
    keeping_output(task("seed", f"print({demo!r})", needs=("store",)), clone.demo),
    replace(web_service("front", needs=("seed",)), uses_database=True),
]
with lock.held(clone.lock):
    env = {"PATH": "/usr/bin:/bin"}
    supervise(
        clone,
        services,
        inherited=env,
        base_url="http://x",
        release="r1",
        before_return=(clone.state / "emptied").touch,
    )
"""


@contextmanager
def running_stack(clone: Clone) -> Generator[subprocess.Popen[str]]:
    clone.state.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-c", STACK, str(clone.root)], stdout=subprocess.PIPE, text=True
    ) as supervisor:
        try:
            assert supervisor.stdout
            for line in supervisor.stdout:
                if json.loads(line)["event"] == "Ready":
                    break
            yield supervisor
        finally:
            supervisor.terminate()


@pytest.fixture
def clone(tmp_path: Path) -> Generator[Clone]:
    clone = Clone(tmp_path / "clone")
    yield clone
    assert find_leftovers(clone.state) == []


def service_pids(clone: Clone) -> list[int]:
    return [pid for service in report(clone)["services"] if (pid := service["pid"])]


def test_the_report_names_addresses_release_and_every_service(clone: Clone) -> None:
    with running_stack(clone):
        told = report(clone)

        assert told["state"] == "running"
        assert told["base_url"] == "http://x"
        assert told["demo_menu_url"] == "http://x/m"
        assert told["demo_table_url"] == "http://x/q/t"
        assert told["console_url"] == "http://x/console"
        assert told["release"] == "r1"
        store, seed, front = told["services"]
        assert [store["name"], seed["name"], front["name"]] == ["store", "seed", "front"]
        assert [store["state"], seed["state"]] == ["healthy", "done"]
        assert store["pid"] in find_leftovers(clone.state)
        assert (store["url"] or "").startswith("http://127.0.0.1:")
        assert (store["resident_bytes"] or 0) > 1_000_000
        assert [seed["pid"], seed["url"], seed["resident_bytes"]] == [None, None, None]


def test_status_when_nothing_runs_is_stopped_and_has_the_same_names(
    clone: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    status(Embedded(clone), as_json=True, watches=False)

    stopped = json.loads(capsys.readouterr().out)
    assert stopped["state"] == "stopped"
    assert stopped["services"] == []
    assert {"base_url", "demo_menu_url", "demo_table_url", "console_url", "release"} < set(stopped)


def test_a_killed_supervisor_takes_everything_along_and_the_next_start_works(clone: Clone) -> None:
    with running_stack(clone) as supervisor:
        assert len(service_pids(clone)) == 2
        supervisor.kill()
        supervisor.wait()
        eventually(lambda: find_leftovers(clone.state) == [])
        assert report(clone)["state"] == "stopped"

    with running_stack(clone):
        assert report(clone)["state"] == "running"


def test_a_process_that_survived_its_supervisor_is_found_and_stopped(clone: Clone) -> None:
    marked = {**os.environ, "MENUVO_STATE": str(clone.state)}
    other = {**os.environ, "MENUVO_STATE": f"{clone.state}-of-another"}
    with (
        subprocess.Popen(["sleep", "600"], env=marked) as survivor,
        subprocess.Popen(["sleep", "600"], env=other) as stranger,
    ):
        eventually(lambda: find_leftovers(clone.state) == [survivor.pid])
        assert stop_leftovers(clone.state) == 1
        assert survivor.wait() == -signal.SIGKILL
        assert stranger.poll() is None
        stranger.kill()


def test_a_crashed_service_shows_in_the_report_and_comes_back(clone: Clone) -> None:
    with running_stack(clone):
        os.kill(service_pids(clone)[0], signal.SIGKILL)
        eventually(lambda: report(clone)["state"] == "degraded")
        eventually(lambda: report(clone)["state"] == "running")
        assert report(clone)["services"][0]["restarts"] == 1


def test_a_restart_on_request_changes_the_process(clone: Clone) -> None:
    with running_stack(clone):
        before = service_pids(clone)
        assert control.ask(clone.control, {"verb": "restart", "service": "front"})
        after = service_pids(clone)

        assert after[0] == before[0]
        assert after[1] != before[1]


def test_what_was_held_returns_when_it_is_let_go(clone: Clone) -> None:
    with running_stack(clone), clone.backups_lock.open("a+") as holder:
        assert flock.take(holder)
        assert control.ask(clone.control, {"verb": "hold"})
        assert [one["state"] for one in report(clone)["services"]] == ["healthy", "done", "stopped"]
        assert not (clone.state / "emptied").exists()
        assert control.ask(clone.control, {"verb": "let go"})
        assert report(clone)["state"] == "running"
        assert (clone.state / "emptied").exists()


def test_what_was_held_returns_by_itself_when_its_holder_is_gone(clone: Clone) -> None:
    with running_stack(clone):
        with clone.backups_lock.open("a+") as holder:
            assert flock.take(holder)
            assert control.ask(clone.control, {"verb": "hold"})
            assert report(clone)["state"] == "degraded"
        eventually(lambda: report(clone)["state"] == "running")
        assert (clone.state / "emptied").exists()


def test_a_restart_of_a_stranger_is_refused(clone: Clone) -> None:
    with running_stack(clone), pytest.raises(OpsError, match="no service fornt"):
        control.ask(clone.control, {"verb": "restart", "service": "fornt"})


def test_down_stops_everything_and_can_forget_the_data(clone: Clone) -> None:
    with running_stack(clone) as supervisor:
        clone.storage.mkdir()
        down(clone, delete_data=True)
        assert supervisor.wait() == 0

    assert not clone.storage.exists()
    assert not clone.demo.exists()
    assert not clone.control.exists()
    assert clone.logs.exists()


def test_down_stops_what_a_killed_supervisor_left(clone: Clone) -> None:
    marked = {**os.environ, "MENUVO_STATE": str(clone.state)}
    clone.state.mkdir(parents=True)
    with subprocess.Popen(["sleep", "600"], env=marked) as survivor:
        eventually(lambda: find_leftovers(clone.state) == [survivor.pid])
        down(clone, delete_data=False)
        assert survivor.wait() == -signal.SIGKILL


def test_only_one_supervisor_runs_in_a_clone(clone: Clone) -> None:
    with (
        running_stack(clone) as supervisor,
        pytest.raises(AlreadyRunning, match=str(supervisor.pid)) as refusal,
        lock.held(clone.lock),
    ):
        pass
    assert refusal.value.exit_code == 4


def test_a_clone_may_lie_deeper_than_a_socket_address_is_long(tmp_path: Path) -> None:
    deep = Clone(tmp_path.joinpath(*["a-rather-long-name"] * 8))
    with running_stack(deep):
        assert len(str(deep.control)) > 107
        assert report(deep)["state"] == "running"
