"""Gatus and Beszel beside `menuvo up`: real ones where they help, broken ones where they must not
be in the way."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.menuvo_ops.local.monitoring.toolchain import toolchain_in
from tests.menuvo_ops.operations.embedded.trial import Trial, furnish, running_services
from tests.menuvo_ops.waiting import eventually
from tests.monitoring import lend
from tests.system.clone import share_packages

from menuvo_ops.local.leftovers import find_leftovers
from menuvo_ops.local.monitoring import modules
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.ports import remembered_ports
from menuvo_ops.local.report import ServiceReport
from menuvo_ops.operations.embedded.down import down
from menuvo_ops.operations.embedded.examining import Examined
from menuvo_ops.operations.embedded.report import report

pytestmark = pytest.mark.slow


def install_gatus(trial: Trial, source: str) -> None:
    program = modules.gatus(trial.clone.root).program(trial.clone.programs)
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n{source}\n")
    program.chmod(0o755)


def service(trial: Trial, name: str) -> ServiceReport:
    [one] = [one for one in report(trial.clone)["services"] if one["name"] == name]
    return one


@pytest.fixture
def trial(trial: Trial) -> Trial:
    share_packages(trial.clone.root)
    return trial


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Trial]:
    """Deeper than the path of a socket may be long."""
    root = tmp_path.joinpath(*["a-rather-long-name"] * 6)
    root.mkdir(parents=True)
    trial = Trial(Clone(root))
    furnish(trial)
    share_packages(root)
    yield trial
    down(trial.clone, delete_data=False)
    assert find_leftovers(trial.clone.state) == []


def test_what_is_built_runs_and_is_named_and_its_data_goes_with_the_passwords(
    deep: Trial,
) -> None:
    lend(deep.clone)
    done = deep.up_detached()
    assert done.returncode == 0, done.stderr
    for name in ("gatus", "beszel", "beszel-agent"):
        eventually(lambda name=name: service(deep, name)["state"] == "healthy")
    eventually(lambda: service(deep, "beszel-alerts")["state"] == "done")
    for name in ("gatus", "beszel"):
        assert str(service(deep, name)["url"]) in done.stdout
    assert "its password is in .menuvo/secrets/beszel-password" in done.stdout
    assert deep.up_detached().stdout == done.stdout

    refused = deep.up_detached(monitoring=False)
    assert refused.returncode == 1
    assert "Menuvo runs already, with Gatus and Beszel." in refused.stderr

    down(deep.clone, delete_data=True)
    assert find_leftovers(deep.clone.state) == []
    assert not deep.clone.gatus.exists()
    assert not deep.clone.beszel.exists()
    assert deep.clone.programs.exists()


def test_one_that_cannot_start_is_shown_as_it_is_and_nothing_else_notices(trial: Trial) -> None:
    install_gatus(trial, "echo no such table; exit 3")
    done = trial.up_detached()
    assert done.returncode == 0, done.stderr
    assert trial.state() == "running"
    eventually(lambda: service(trial, "gatus")["restarts"] >= 1)
    assert service(trial, "gatus")["state"] in {"restarting", "starting"}
    [examined] = [one for one in Examined(trial.clone).services() if one.name == "gatus"]
    assert (examined.is_well, examined.essential) == (False, False)
    assert "no such table" in Examined(trial.clone).last_words("gatus")


def test_a_taken_port_is_replaced_and_kept_while_it_is_left_out(trial: Trial) -> None:
    install_gatus(trial, "exec sleep 600")
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        trial.clone.ports.write_text(json.dumps({"gatus": taken}))
        done = trial.up_detached()
    assert done.returncode == 0
    assert f"Port {taken} is taken: gatus uses " in done.stderr
    port = remembered_ports(trial.clone.ports)["gatus"]
    down(trial.clone, delete_data=False)

    assert trial.up_detached(monitoring=False).returncode == 0
    assert "gatus" not in {one["name"] for one in report(trial.clone)["services"]}
    assert remembered_ports(trial.clone.ports)["gatus"] == port
    refused = trial.up_detached(monitoring=True)
    assert "Menuvo runs already, without Gatus and Beszel." in refused.stderr


def test_two_clones_are_watched_each_by_its_own(trial: Trial, deep: Trial) -> None:
    for one in (trial, deep):
        install_gatus(one, "exec sleep 600")
        assert one.up_detached().returncode == 0
    assert service(trial, "gatus")["url"] != service(deep, "gatus")["url"]
    eventually(lambda: service(deep, "gatus")["pid"])
    before = service(deep, "gatus")["pid"]
    down(trial.clone, delete_data=False)
    assert service(deep, "gatus")["pid"] == before


def test_a_killed_supervisor_takes_it_along(trial: Trial) -> None:
    install_gatus(trial, "exec sleep 600")
    assert trial.up_detached().returncode == 0
    eventually(lambda: "gatus" in {one["name"] for one in running_services(trial)})
    os.kill(int(trial.clone.lock.read_text()), signal.SIGKILL)
    eventually(lambda: find_leftovers(trial.clone.state) == [])


def test_without_go_it_is_refused_before_anything_starts(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (toolchain_in(tmp_path / "tools", monkeypatch) / "go").unlink()
    done = trial.up_detached(monitoring=True)
    assert done.returncode == 1
    assert "Gatus and Beszel are built with Go" in done.stderr
    assert not trial.clone.postgres.exists()
    assert trial.state() == "stopped"


def test_a_start_that_is_stopped_while_it_builds_leaves_nothing(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolchain_in(tmp_path / "tools", monkeypatch, trouble="sleep 600")
    process = trial.start(monitoring=True)
    eventually(lambda: any(trial.clone.programs.glob("*.partial")), within=30)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said.endswith(b"Menuvo was stopped before it was ready.\n\n")
    assert find_leftovers(trial.clone.state) == []
    assert list(trial.clone.programs.iterdir()) == []
