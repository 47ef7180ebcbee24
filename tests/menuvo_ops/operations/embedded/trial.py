"""A clone of its own with the real PostgreSQL, Redis and Caddy, and a stand-in for the platform."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.menuvo_ops.waiting import eventually

from menuvo_ops.local.paths import Clone, this_clone
from menuvo_ops.local.report import ServiceReport
from menuvo_ops.operations.embedded.report import report

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
    case "schema":
        print(json.dumps(dict(oldest="0001", head="0001", contracts=dict())))
    case "missing":
        print(json.dumps(dict(pictures=dict(named=3, missing=1), files=dict(named=0, missing=0))))
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
    up(Clone(Path(sys.argv[1])), Options(**json.loads(sys.argv[2])), detach=sys.argv[3] == "yes")
except OpsError as error:
    sys.exit(f"{error.message}\\n{error.hint}")
"""

ASKER = """
import json, sys
from pathlib import Path
from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.errors import OpsError
from menuvo_ops.local.paths import Clone
from menuvo_ops.operations.embedded.backups.verbs import backups

options = json.loads(sys.argv[3])
manner = Manner(yes=options.pop("yes", True))
try:
    wish = Wish(*json.loads(sys.argv[2]), **options)
    sys.exit(backups(Clone(Path(sys.argv[1])), wish, manner))
except OpsError as error:
    print(error.message, error.hint, file=sys.stderr)
    sys.exit(error.exit_code)
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

    def backups(self, *wish: str, **options: object) -> subprocess.CompletedProcess[str]:
        """`Wish(*wish, **options)`, agreed to."""
        python = str(self.programs / "python")
        arguments = [str(self.clone.root), json.dumps(wish), json.dumps(options)]
        return subprocess.run(
            [*self.become, python, "-c", ASKER, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def up_detached(self, **options: object) -> subprocess.CompletedProcess[str]:
        """`Options(**options)`."""
        argv = self._command("yes", options)
        return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)

    def up(self) -> subprocess.Popen[bytes]:
        """Started in the foreground; returns when everything is healthy."""
        process = self.start()
        eventually(lambda: self.state() == "running", within=30)
        return process

    def start(self, **options: object) -> subprocess.Popen[bytes]:
        argv = self._command("no", options)
        return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def state(self) -> str:
        return report(self.clone)["state"]

    def _command(self, detach: str, options: Mapping[str, object]) -> list[str]:
        python = str(self.programs / "python")
        arguments = [str(self.clone.root), json.dumps(options), detach]
        return [*self.become, python, "-c", DRIVER, *arguments]


def furnish(trial: Trial) -> None:
    environment = Path(sys.executable).parents[1]
    trial.programs.mkdir(parents=True)
    interpreter = interpreter_for_everyone()
    (trial.programs / "python").symlink_to(interpreter)
    for name in ("caddy", "menuvo-backup"):
        (trial.programs / name).symlink_to(environment / "bin" / name)
    (trial.programs.parent / "lib").symlink_to(environment / "lib")
    # Its own home, and not that of ours: an interpreter needs the library that it was built with.
    (trial.programs.parent / "pyvenv.cfg").write_text(f"home = {interpreter.parent}\n")
    (trial.clone.root / "infra").symlink_to(this_clone().root / "infra")
    trial.install_platform()


def running_services(trial: Trial) -> list[ServiceReport]:
    return [service for service in report(trial.clone)["services"] if service["pid"]]


def interpreter_for_everyone() -> Path:
    """The system's, where it is of our version: ours may lie in a folder only root may enter."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return Path(shutil.which(name, path="/usr/local/bin:/usr/bin") or sys.executable).resolve()
