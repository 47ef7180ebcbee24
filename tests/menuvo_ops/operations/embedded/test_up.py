"""`menuvo up` with the real PostgreSQL, Redis and Caddy, and a stand-in for the platform."""

import json
import os
import pwd
import signal
import socket
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from tests.menuvo_ops.operations.embedded.trial import (
    Trial,
    furnish,
    running_services,
)
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.commands.process import as_other_user
from menuvo_ops.local.leftovers import find_leftovers
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.ports import remembered_ports
from menuvo_ops.operations.embedded.down import down
from menuvo_ops.operations.embedded.report import report

pytestmark = [pytest.mark.system, pytest.mark.core]


def test_up_returns_when_the_edge_answers_and_says_where_to_click(trial: Trial) -> None:
    done = trial.up_detached()

    assert done.returncode == 0, done.stderr
    told = report(trial.clone)
    assert told["state"] == "running"
    assert [service["name"] for service in told["services"]] == [
        *["postgres", "redis", "migrate", "seed", "platform-a", "platform-b"],
        *["worker-images", "worker-imports", "caddy"],
    ]
    for url in (told["demo_menu_url"], told["demo_table_url"], told["console_url"]):
        assert url
        assert url in done.stdout
        assert httpx.get(url).status_code == 200
    assert "owner@example.org   pa[ss]word" in done.stdout
    both = {httpx.get(f"{told['base_url']}/").text for _ in range(8)}
    assert both == {"platform-a", "platform-b"}


def test_a_second_up_shows_the_same_addresses_and_starts_nothing(trial: Trial) -> None:
    first = trial.up_detached()
    before = report(trial.clone)["services"][0]["pid"]
    second = trial.up_detached()

    assert second.returncode == 0
    assert "runs already" in second.stderr
    assert second.stdout.split() == first.stdout.split()
    assert report(trial.clone)["services"][0]["pid"] == before


def test_ports_and_passwords_survive_down_and_up(trial: Trial) -> None:
    trial.up_detached()
    before = remembered_ports(trial.clone.ports)
    down(trial.clone, delete_data=False)

    assert trial.up_detached().returncode == 0
    assert remembered_ports(trial.clone.ports) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_foreground_up_stops_cleanly_when_asked(trial: Trial, number: signal.Signals) -> None:
    process = trial.up()
    process.send_signal(number)
    _, said = process.communicate(timeout=30)

    assert process.returncode == 0
    assert b"Stopped." in said
    assert trial.state() == "stopped"
    assert find_leftovers(trial.clone.state) == []


def test_ctrl_c_in_the_middle_of_the_start_stops_what_had_started(trial: Trial) -> None:
    trial.install_platform(migration="signal.pause()")
    process = trial.start()
    eventually(lambda: "migrate" in {s["name"] for s in running_services(trial)}, within=30)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)

    assert process.returncode == 1
    assert said.endswith(b"Menuvo was stopped before it was ready.\n\n")
    assert find_leftovers(trial.clone.state) == []


def test_a_killed_up_leaves_nothing_running_and_the_next_one_works(trial: Trial) -> None:
    process = trial.up()
    process.kill()
    process.communicate()

    assert trial.up_detached().returncode == 0
    assert trial.state() == "running"


def test_a_killed_supervisor_leaves_nothing_running_and_the_next_up_works(trial: Trial) -> None:
    trial.up_detached()
    os.kill(int(trial.clone.lock.read_text()), signal.SIGKILL)

    assert trial.up_detached().returncode == 0
    assert trial.state() == "running"


def test_a_taken_port_is_replaced_and_named(trial: Trial) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        trial.clone.state.mkdir()
        trial.clone.ports.write_text(json.dumps({"caddy": taken}))
        done = trial.up_detached()

    assert done.returncode == 0
    assert f"Port {taken} is taken: caddy uses " in done.stderr
    assert f":{taken}/" not in done.stdout


def test_the_port_that_was_asked_for_is_not_replaced(trial: Trial) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        done = trial.up_detached(port=taken)

    assert done.returncode == 1
    assert f"Port {taken} is taken by another program." in done.stderr
    assert trial.state() == "stopped"


def test_a_failing_part_is_named_with_its_last_lines_and_its_log(trial: Trial) -> None:
    trial.install_platform(migration="'relation \"stores\" is missing'")
    done = trial.up_detached()

    assert done.returncode == 1
    assert "migrate did not start: exit code 1." in done.stderr
    assert 'relation "stores" is missing' in done.stderr
    assert str(trial.clone.logs / "migrate.log") in done.stderr
    assert trial.state() == "stopped"


def test_an_ordinary_user_can_do_all_of_it() -> None:
    become, uid = [], os.geteuid()
    if uid == 0:
        uid = pwd.getpwnam("nobody").pw_uid
        become = as_other_user([], uid=uid, gid=uid)
    with TemporaryDirectory(dir="/tmp") as folder:
        trial = Trial(Clone(Path(folder)), become)
        furnish(trial)
        for path in (trial.clone.root, trial.programs.parent, trial.programs):
            os.chown(path, uid, -1)
        try:
            done = trial.up_detached()
            assert done.returncode == 0, done.stderr
            assert trial.clone.lock.stat().st_uid == uid
            assert trial.state() == "running"
        finally:
            down(trial.clone, delete_data=False)
