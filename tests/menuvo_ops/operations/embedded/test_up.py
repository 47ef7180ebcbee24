"""`menuvo up` with the real PostgreSQL, Redis and Caddy, and a stand-in for the platform."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.commands.process import as_other_user
from menuvo_ops.local.leftovers import find_leftovers
from menuvo_ops.local.paths import Clone, this_clone
from menuvo_ops.local.ports import remembered_ports
from menuvo_ops.local.report import ServiceReport
from menuvo_ops.operations.embedded.down import down
from menuvo_ops.operations.embedded.report import report

pytestmark = [pytest.mark.system, pytest.mark.core]

PLATFORM = """#!{python}
import http.server, json, os, signal, sys

class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ["MENUVO_INSTANCE"].encode())

match sys.argv[1]:
    case "migrate":
        sys.exit({migration})
    case "seed":
        login = dict(role="owner", email="owner@example.org", password="pa[ss]word")
        paths = dict(menu_path="/m", table_path="/q/t", console_path="/c")
        print(json.dumps(paths | dict(logins=[login])))
    case "serve":
        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[-1])), Page).serve_forever()
    case "worker":
        while True:
            open(os.environ["HEARTBEAT_FILE"], "w").close()
            signal.sigtimedwait([], 1)
"""

DRIVER = """
import json, sys
from pathlib import Path
from menuvo_ops.errors import OpsError
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.preparation import Options
from menuvo_ops.operations.embedded.up import up

try:
    up(Clone(Path(sys.argv[1])), Options(port=json.loads(sys.argv[2])), detach=sys.argv[3] == "yes")
except OpsError as error:
    sys.exit(f"{error.message}\\n{error.hint}")
"""


@dataclass(frozen=True)
class Trial:
    """A clone with an environment of its own, in which the platform is a stand-in."""

    clone: Clone
    become: list[str] = field(default_factory=list[str])

    @property
    def programs(self) -> Path:
        return self.clone.root / ".venv/bin"

    def install_platform(self, *, migration: str = "0") -> None:
        program = self.programs / "menuvo-platform"
        interpreter = self.programs / "python"
        program.write_text(PLATFORM.format(python=interpreter, migration=migration))
        program.chmod(0o755)

    def up_detached(self, *, port: int | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command("yes", port), capture_output=True, text=True, check=False, timeout=60
        )

    def up(self) -> subprocess.Popen[bytes]:
        """Started in the foreground; returns when everything is healthy."""
        process = self.start()
        eventually(lambda: self.state() == "running", within=30)
        return process

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command("no"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def state(self) -> str:
        return report(self.clone)["state"]

    def _command(self, detach: str, port: int | None = None) -> list[str]:
        python = str(self.programs / "python")
        arguments = [str(self.clone.root), json.dumps(port), detach]
        return [*self.become, python, "-c", DRIVER, *arguments]


@pytest.fixture
def trial(tmp_path: Path) -> Generator[Trial]:
    trial = Trial(Clone(tmp_path))
    furnish(trial)
    yield trial
    down(trial.clone, delete_data=False)
    assert find_leftovers(trial.clone.state) == []


def furnish(trial: Trial) -> None:
    environment = Path(sys.executable).parents[1]
    trial.programs.mkdir(parents=True)
    (trial.programs / "python").symlink_to(interpreter_for_everyone())
    (trial.programs / "caddy").symlink_to(environment / "bin/caddy")
    (trial.programs.parent / "lib").symlink_to(environment / "lib")
    shutil.copy(environment / "pyvenv.cfg", trial.programs.parent)
    (trial.clone.root / "infra").symlink_to(this_clone().root / "infra")
    trial.install_platform()


def running_services(trial: Trial) -> list[ServiceReport]:
    return [service for service in report(trial.clone)["services"] if service["pid"]]


def interpreter_for_everyone() -> Path:
    """The system's, where it is of our version: ours may lie in a folder only root may enter."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return Path(shutil.which(name, path="/usr/local/bin:/usr/bin") or sys.executable).resolve()


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
