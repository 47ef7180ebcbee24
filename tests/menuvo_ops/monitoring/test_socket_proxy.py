"""The real Caddy as the only way to Docker: what is let through, and how it arrives there."""

import http.client
import json
import socket
import socketserver
import tempfile
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT

from menuvo_ops.commands import caddy
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.programs import of_this_environment
from menuvo_ops.local.running import running

CADDYFILE = CHECKOUT / "infra/socket-proxy/Caddyfile"
CONTAINER = "0123456789ab"


class Engine(BaseHTTPRequestHandler):
    """Says what it was asked, whatever that is."""

    def answer(self) -> None:
        asked = {"asked": f"{self.command} {self.path}", "headers": dict(self.headers)}
        body = json.dumps(asked).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer  # noqa: N815, as the library calls them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Listener(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def get_request(self) -> tuple[socket.socket, str]:
        """Whoever asks at a socket has no address, and the handler wants one."""
        connection, _ = super().get_request()
        return connection, "-"


@pytest.fixture(scope="module")
def proxy() -> Generator[Path]:
    """The socket that the agent has."""
    # The path of a socket has at most a hundred characters.
    with tempfile.TemporaryDirectory(prefix="proxy-") as named, listening(Path(named) / "engine"):
        folder, port = Path(named), free_port()
        text = CADDYFILE.read_text().replace("/run/engine.sock", f"{folder}/engine")
        text = text.replace("/run/socket-proxy/docker.sock", f"{folder}/asked")
        (folder / "Caddyfile").write_text(text.replace(":2375", f":{port}"))
        argv = caddy.run(of_this_environment("caddy"), folder / "Caddyfile")
        env = {"XDG_DATA_HOME": named, "XDG_CONFIG_HOME": named}
        probe = HttpProbe(port, "/version")
        with running(argv, log=folder / "log", probe=probe, env=env):
            yield folder / "asked"


@contextmanager
def listening(path: Path) -> Generator[None]:
    with Listener(str(path), Engine) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()


def ask(
    proxy: Path, method: str, path: str, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """The path goes as it is; most clients would tidy it up."""
    connection = http.client.HTTPConnection("docker")
    connection.sock = socket.socket(socket.AF_UNIX)
    try:
        connection.sock.connect(str(proxy))
        connection.request(method, path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "arrives_as"),
    [
        ("/version", "/version"),
        ("/containers/json", "/containers/json"),
        # Without what else one could ask for: those that are stopped, and how large they are.
        ("/containers/json?all=1&size=1", "/containers/json"),
        # Once, and not again and again.
        (
            f"/containers/{CONTAINER}/stats?stream=1",
            f"/containers/{CONTAINER}/stats?stream=0&one-shot=1",
        ),
        # Nothing of a path but what was understood.
        (
            f"/containers/{CONTAINER}/json/../stats",
            f"/containers/{CONTAINER}/stats?stream=0&one-shot=1",
        ),
    ],
)
def test_three_questions_are_let_through_and_arrive_as_we_ask_them(
    proxy: Path, path: str, arrives_as: str
) -> None:
    status, told = ask(proxy, "GET", path)
    assert status == 200
    assert json.loads(told)["asked"] == f"GET {arrives_as}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/containers/{CONTAINER}/json"),
        ("GET", f"/containers/{CONTAINER}/archive?path=/run/secrets"),
        ("GET", f"/containers/{CONTAINER}/logs?stdout=1"),
        ("GET", f"/containers/{CONTAINER}/stats/../json"),
        ("GET", f"/containers/{CONTAINER}%2Fjson%3F/stats"),
        ("GET", "/containers/menuvo-postgres-1/stats"),
        ("GET", "/v1.43/containers/json"),
        ("GET", "/info"),
        ("GET", "/events"),
        ("GET", "/images/json"),
        ("GET", "/"),
        ("HEAD", "/version"),
        ("POST", "/version"),
        ("POST", "/containers/json"),
        ("POST", "/containers/create"),
        ("POST", f"/containers/{CONTAINER}/exec"),
        ("POST", f"/containers/{CONTAINER}/stats"),
        ("PUT", f"/containers/{CONTAINER}/archive?path=/"),
        ("DELETE", f"/containers/{CONTAINER}"),
    ],
)
def test_all_others_are_refused(proxy: Path, method: str, path: str) -> None:
    status, _ = ask(proxy, method, path)
    assert status == 403


def test_no_question_opens_a_connection_for_more(proxy: Path) -> None:
    upgrade = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AA"}
    _, told = ask(proxy, "GET", "/version", upgrade)
    arrived = {name.lower() for name in json.loads(told)["headers"]}
    assert not {"upgrade", "connection"} & arrived


def test_the_socket_is_for_its_owner_alone(proxy: Path) -> None:
    assert proxy.stat().st_mode & 0o777 == 0o200
