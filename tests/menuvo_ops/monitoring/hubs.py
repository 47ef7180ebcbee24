"""Beszel's own hub and agent, as the test bed builds them, without a container around them."""

import http.client
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT
from tests.menuvo_ops.standins import Alive
from tests.system.bed.binaries import AGENT, HUB, provide
from tests.system.bed.cache import locked
from tests.system.bed.golang import Module

from menuvo_ops.environment.generation import key_pair
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.running import running
from menuvo_ops.monitoring.hub import Hub, log_in

EMAIL = "operator@example.org"
PASSWORD = "a-password-of-the-tests"
_SOCKET = "/beszel_socket/agent.sock"


@dataclass(frozen=True)
class RunningHub:
    port: int
    folder: Path
    public_key: str

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def log_in(self, password: str = PASSWORD) -> Hub:
        return log_in(self.ask, EMAIL, Redacted(password))

    @contextmanager
    def running_agent(self) -> Generator[None]:
        """Without Docker: what that is asked stands elsewhere."""
        key = self.folder / "agent.pub"
        key.write_text(self.public_key)
        env = {
            "LISTEN": str(self.folder / "agent.sock"),
            "KEY_FILE": str(key),
            "DATA_DIR": str(self.folder),
            "DOCKER_HOST": "",
        }
        with running([str(_program(AGENT))], log=self.folder / "log", probe=Alive(), env=env):
            yield


@contextmanager
def running_hub() -> Generator[RunningHub]:
    """With production's own list of systems, and on its own the first account."""
    # The path of a socket has at most a hundred characters.
    with tempfile.TemporaryDirectory(prefix="hub-") as named:
        folder, port = Path(named), free_port()
        private, public = key_pair()
        (folder / "id_ed25519").write_text(private)
        config = (CHECKOUT / "infra/beszel/config.yml").read_text()
        (folder / "config.yml").write_text(config.replace(_SOCKET, f"{folder}/agent.sock"))
        argv = [str(_program(HUB)), "serve", f"--dir={folder}", f"--http=127.0.0.1:{port}"]
        env = {
            "USER_EMAIL": EMAIL,
            "USER_PASSWORD": PASSWORD,
            "APP_URL": "https://monitor.menuvo.localhost",
        }
        probe = HttpProbe(port, "/api/health")
        with running(argv, log=folder / "log", probe=probe, env=env):
            yield RunningHub(port, folder, public)


def _program(module: Module) -> Path:
    try:
        with locked("binaries"):
            return provide(module, print) / module.name
    except MissingProgram as missing:
        pytest.skip(f"Beszel is built with Go: {missing.message}")
