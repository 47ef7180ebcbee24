"""Beszel's own hub and agent, as the test bed builds them, without a container around them."""

import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT
from tests.system.bed.binaries import AGENT, HUB, provide
from tests.system.bed.cache import locked

from menuvo_ops.commands import beszel
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.golang import Module
from menuvo_ops.local.monitoring.alerts import way_to
from menuvo_ops.local.monitoring.beszel import Folder
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe, SocketProbe
from menuvo_ops.local.running import running
from menuvo_ops.monitoring.hub import Hub, log_in

EMAIL = "operator@example.org"
PASSWORD = "a-password-of-the-tests"


@dataclass(frozen=True)
class RunningHub:
    port: int
    folder: Folder

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        return way_to(self.port)(method, path, headers, body)

    def log_in(self, password: str = PASSWORD) -> Hub:
        return log_in(self.ask, EMAIL, Redacted(password))

    @contextmanager
    def running_agent(self) -> Generator[None]:
        folder = self.folder
        env = beszel.agent_environment(
            folder.path, public_key=folder.public_key, socket=str(folder.socket)
        )
        argv, probe = beszel.agent(_program(AGENT)), SocketProbe(folder.socket)
        with running(argv, log=folder.path / "log", probe=probe, env=env):
            yield


@contextmanager
def running_hub() -> Generator[RunningHub]:
    """With production's own list of systems, and on its own the first account."""
    # The path of a socket has at most a hundred characters.
    with tempfile.TemporaryDirectory(prefix="hub-") as named:
        folder, port = Folder(Path(named)), free_port()
        systems = (CHECKOUT / "infra/beszel/config.yml").read_text()
        folder.furnish(systems, socket=str(folder.socket))
        argv = beszel.hub(_program(HUB), folder.path, port=port)
        env = beszel.hub_environment(
            "https://monitor.menuvo.localhost", email=EMAIL, password=PASSWORD
        )
        probe = HttpProbe(port, "/api/health")
        with running(argv, log=folder.path / "log", probe=probe, env=env):
            yield RunningHub(port, folder)


def _program(module: Module) -> Path:
    try:
        with locked("binaries"):
            return provide(module, print) / module.name
    except MissingProgram as missing:
        pytest.skip(f"Beszel is built with Go: {missing.message}")
