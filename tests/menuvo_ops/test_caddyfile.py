"""The real Caddy with the real Caddyfile, in front of two small servers."""

import json
import os
import subprocess
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.menuvo_ops.standins import program
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.commands import caddy
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.programs import of_this_environment
from menuvo_ops.local.running import running

pytestmark = [pytest.mark.system, pytest.mark.core]

BODY_LIMIT = 3_000_000
CADDYFILE = Path("infra/caddy/Caddyfile")

PROBE = "/internal/probe"
TOKEN = "a-token_of-the-tests-0123456789ABCDEF"

# Names itself, says what it was told of a probe, streams events, breaks off a POST after reading
# it, and drains on request.
INSTANCE = """
import sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

name, port = NAME, PORT
received = []

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    draining = False

    def do_GET(self):
        if self.path == "/drain":
            Handler.draining = True
        if self.path == "/events":
            return self.stream()
        body = str(len(received)) if self.path == "/received" else name * 600
        if self.path == "/named":
            body = repr(self.headers.get_all("X-Request-Id"))
        if self.path in ("/internal/probe", "/told"):
            body = repr(self.headers.get_all("X-Menuvo-Probe"))
        self.answer(503 if self.path == "/ready" and Handler.draining else 200, body)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        received.append(self.path)
        if self.path == "/broken":
            self.close_connection = True
            return self.connection.close()
        self.answer(201, name)

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"data: now\\n\\n")
        self.wfile.flush()
        time.sleep(600)

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments):
        pass

ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@dataclass(frozen=True)
class Edge:
    port: int
    instances: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]]
    log: Path
    token_file: Path

    def ask(self, path: str, *, method: str = "GET", body: bytes = b"") -> httpx.Response:
        return httpx.request(method, f"http://127.0.0.1:{self.port}{path}", content=body)

    def who_answers(self, times: int = 8) -> set[str]:
        return {self.ask("/").text[0] for _ in range(times)}


@pytest.fixture
def edge(tmp_path: Path) -> Generator[Edge]:
    port, instances = free_port(), {"a": free_port(), "b": free_port()}
    processes: dict[str, subprocess.Popen[bytes]] = {}
    with ExitStack() as stack:
        for name, at in instances.items():
            source = INSTANCE.replace("NAME", repr(name)).replace("PORT", str(at))
            log, probe = tmp_path / f"{name}.log", HttpProbe(at, "/ready")
            processes[name] = stack.enter_context(running(program(source), log=log, probe=probe))
        stack.enter_context(
            running(
                caddy.run(of_this_environment("caddy"), CADDYFILE),
                log=tmp_path / "caddy.log",
                probe=HttpProbe(port, "/ready"),
                env=environment(tmp_path, port, instances),
            )
        )
        yield Edge(port, instances, processes, tmp_path / "caddy.log", tmp_path / "probe_token")


def environment(folder: Path, port: int, instances: dict[str, int]) -> dict[str, str]:
    nothing = folder / "nothing"
    nothing.mkdir()
    return {
        "SITE_ADDRESS": f"http://:{port}",
        "SITE_BIND": "127.0.0.1",
        "PLATFORM_A": f"127.0.0.1:{instances['a']}",
        "PLATFORM_B": f"127.0.0.1:{instances['b']}",
        "CADDY_LIMITS": str(nothing),
        "CADDY_PAGES": str(CADDYFILE.parent.absolute() / "pages"),
        "CADDY_SITES": str(nothing),
        "CADDY_GRACE": "1s",
        "CADDY_BODY_LIMIT": str(BODY_LIMIT),
        "PROBE_TOKEN_FILE": str(folder / "probe_token"),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }


@pytest.mark.parametrize(
    "tls",
    [
        {"TLS_MODE": "acme", "ACME_EMAIL": "operator@example.org"},
        {"TLS_MODE": "internal", "TRUSTED_PROXIES": "cloudflare"},
    ],
    ids=lambda tls: tls["TLS_MODE"],
)
def test_the_files_are_valid_as_in_production(tmp_path: Path, tls: dict[str, str]) -> None:
    """But for the limits, whose module this Caddy lacks; the containers' tests have it."""
    program = of_this_environment("caddy")
    production = {
        "DOMAIN": "menu.example.org",
        "SITE_ADDRESS": "https://menu.example.org",
        "PUBLIC_URL": "https://menu.example.org",
        "CADDY_ADMIN": "localhost:0",
        "CADDY_LIMITS": str(tmp_path),
    }
    env = os.environ | production | tls | {"XDG_DATA_HOME": str(tmp_path)}
    valid = subprocess.run(
        caddy.validate(program, CADDYFILE), env=env, capture_output=True, text=True, check=False
    )
    assert valid.returncode == 0, valid.stderr


@pytest.mark.parametrize("file", [*sorted(CADDYFILE.parent.rglob("*.caddy")), CADDYFILE], ids=str)
def test_every_file_is_formatted(file: Path) -> None:
    program = of_this_environment("caddy")
    formatted = subprocess.run([program, "fmt", file], capture_output=True, text=True, check=True)
    assert formatted.stdout == file.read_text()


def test_both_instances_answer_and_one_that_drains_is_left_alone(edge: Edge) -> None:
    assert edge.who_answers() == {"a", "b"}

    drained = edge.ask("/drain").text[0]
    (other,) = {"a", "b"} - {drained}

    eventually(lambda: edge.who_answers() == {other}, within=3)


def test_an_instance_that_is_gone_costs_nobody_an_answer(edge: Edge) -> None:
    edge.processes["a"].kill()
    answers = [edge.ask("/order", method="POST", body=b"soup") for _ in range(10)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, "b")}


def test_an_order_that_was_sent_is_never_sent_again(edge: Edge) -> None:
    answer = edge.ask("/broken", method="POST", body=b"soup")

    assert answer.status_code == 502
    assert sum(received_by(port) for port in edge.instances.values()) == 1
    assert "Wir sind gleich wieder da" in answer.text
    assert answer.headers["Retry-After"] == "5"


def test_an_event_arrives_before_the_stream_ends(edge: Edge) -> None:
    with httpx.stream("GET", f"http://127.0.0.1:{edge.port}/events", timeout=5) as response:
        assert next(response.iter_text()) == "data: now\n\n"


def test_pages_are_compressed_and_the_server_keeps_its_name_to_itself(edge: Edge) -> None:
    answer = edge.ask("/")

    assert answer.headers["Content-Encoding"] == "gzip"
    assert not {"server", "via"} & set(answer.headers)
    assert "Strict-Transport-Security" not in answer.headers


def test_an_upload_that_is_too_large_gets_a_sentence(edge: Edge) -> None:
    answer = edge.ask("/upload", method="POST", body=bytes(BODY_LIMIT + 1))

    assert answer.status_code == 413
    assert "Die Datei ist zu groß" in answer.text


def test_an_upload_within_the_limit_is_the_platforms_to_judge(edge: Edge) -> None:
    answer = edge.ask("/upload", method="POST", body=bytes(BODY_LIMIT))

    assert answer.status_code == 201
    assert sum(received_by(port) for port in edge.instances.values()) == 1


def test_every_request_is_one_line_of_json_in_the_log(edge: Edge) -> None:
    edge.ask("/menu?table=7")

    def asked() -> list[str]:
        lines = [json.loads(line) for line in edge.log.read_text().splitlines()]
        return [line["request"]["uri"] for line in lines if "request" in line]

    eventually(lambda: "/menu?table=7" in asked())


def received_by(port: int) -> int:
    return int(httpx.get(f"http://127.0.0.1:{port}/received").text)


def test_a_request_has_one_name_in_the_log_in_the_answer_and_at_the_platform(edge: Edge) -> None:
    """And it is not the client's, who could give that of another one."""
    answer = httpx.get(f"http://127.0.0.1:{edge.port}/named", headers={"X-Request-Id": "mine" * 4})
    [name] = answer.headers.get_list("x-request-id")
    assert answer.text == repr([name])
    assert "mine" not in name
    eventually(lambda: f'"request_id":"{name}"' in edge.log.read_text())
    for process in edge.processes.values():
        process.kill()
    # It looks for another instance as long as a guest would wait.
    failed = httpx.get(f"http://127.0.0.1:{edge.port}/", timeout=30)
    assert failed.status_code in {502, 503}
    eventually(lambda: f'"request_id":"{failed.headers["x-request-id"]}"' in edge.log.read_text())


def test_figures_are_told_on_a_port_of_their_own_and_to_nobody_outside(tmp_path: Path) -> None:
    sites, port, inside = tmp_path / "sites", free_port(), free_port()
    sites.mkdir()
    (sites / "metrics.caddy").write_text((CADDYFILE.parent / "sites/metrics.caddy").read_text())
    env = environment(tmp_path, port, {"a": free_port(), "b": free_port()})
    started = running(
        caddy.run(of_this_environment("caddy"), CADDYFILE),
        log=tmp_path / "caddy.log",
        probe=HttpProbe(inside, "/metrics"),
        env={**env, "CADDY_SITES": str(sites), "CADDY_METRICS": str(inside)},
    )
    with started:
        outside = f"http://127.0.0.1:{port}"
        for host in (f"127.0.0.1:{inside}", f"invented-{port}.example.org", "metrics"):
            answer = httpx.get(f"{outside}/metrics", headers={"Host": host}, timeout=30)
            assert "caddy_http" not in answer.text
        told = httpx.get(f"http://127.0.0.1:{inside}/metrics").text
        assert httpx.get(f"http://127.0.0.1:{inside}/").status_code == 404
    assert "caddy_http_request_duration_seconds_bucket{" in told
    assert "invented" not in told


def test_the_log_keeps_no_address_that_is_all_it_takes(edge: Edge) -> None:
    """Of a table, or of a guest's order: as a path, and as the page that a request came from."""
    own = "/lindenhof/en/orders/0SecretOfTheGuest1?after=3"
    site = f"http://127.0.0.1:{edge.port}"
    httpx.get(f"{site}{own}", headers={"referer": f"{site}{own}"})
    httpx.get(f"{site}/q/0SecretOfTheTable1")
    eventually(lambda: "/q/" in edge.log.read_text())
    assert "/lindenhof/en/orders/-" in edge.log.read_text()
    assert "Secret" not in edge.log.read_text()


def test_the_log_does_not_know_who_came(edge: Edge) -> None:
    headers = {
        "user-agent": "A Browser/1.0",
        "x-csrf-token": "token-of-a-login",
        "x-forwarded-for": "198.51.100.7",
    }
    httpx.get(f"http://127.0.0.1:{edge.port}/who-came", headers=headers)
    eventually(lambda: "/who-came" in edge.log.read_text())
    [line] = [line for line in edge.log.read_text().splitlines() if "/who-came" in line]
    assert json.loads(line)["request"]["client_ip"] == "127.0.0.0"
    for known in ('127.0.0.1"', "198.51.100.7", "A Browser", "token-of-a-login"):
        assert known not in line


def probe(edge: Edge, said: str, path: str = PROBE) -> httpx.Response:
    headers = {"x-menuvo-probe": said}
    return httpx.get(f"http://127.0.0.1:{edge.port}{path}", headers=headers, timeout=20)


def test_a_probe_with_the_token_passes_whatever_its_file_ends_with(edge: Edge) -> None:
    for ending in ("", "\n", "\r\n"):
        edge.token_file.write_bytes(f"{TOKEN}{ending}".encode())
        answer = probe(edge, TOKEN)
        assert (answer.status_code, answer.text) == (200, f"['{TOKEN}']")


@pytest.mark.parametrize("held", [TOKEN, "", "\n", None])
def test_a_probe_without_the_token_is_told_that_there_is_nothing(
    edge: Edge, held: str | None
) -> None:
    """Also where no token is set, or its file is not there at all."""
    if held is not None:
        edge.token_file.write_text(held)
    assert edge.ask(PROBE).status_code == 404
    for said in ("", "*", "x" * 37, TOKEN[:-1], f"{TOKEN}x", TOKEN.lower(), "{file.x}"):
        assert probe(edge, said).status_code == 404, said


def test_what_is_for_inside_is_not_there_from_outside_even_with_the_token(edge: Edge) -> None:
    edge.token_file.write_text(TOKEN)
    for path in (
        "/internal",
        "/internal/",
        "/internal/metrics",
        "/internal/queues",
        "/internal/probe/x",
        "/INTERNAL/metrics",
        "//internal/metrics",
        "/x/../internal/metrics",
        "/internal%2Fmetrics",
        "/%69nternal/metrics",
    ):
        answer = probe(edge, TOKEN, path)
        assert (answer.status_code, answer.text) == (404, ""), path


def test_the_token_goes_nowhere_but_to_the_probe(edge: Edge) -> None:
    edge.token_file.write_text(TOKEN)
    assert probe(edge, TOKEN, "/told").text == "None"
    assert probe(edge, "wrong", "/told").text == "None"


def test_no_limit_counts_a_probe() -> None:
    """Each zone by itself; that one lets it pass is for the containers' tests to see."""
    limits = (CADDYFILE.parent / "limits/platform/limits.caddy").read_text()
    zones = limits.split("\tzone ")[1:]
    assert len(zones) == 7
    assert [zone for zone in zones if "not header X-Menuvo-Probe *" not in zone] == []


def test_the_log_does_not_know_the_token(edge: Edge) -> None:
    edge.token_file.write_text(TOKEN)
    probe(edge, TOKEN, "/asked-with-it")
    for process in edge.processes.values():
        process.kill()
    failed = probe(edge, TOKEN)
    assert failed.status_code in {502, 503}
    eventually(lambda: f'"status":{failed.status_code}' in edge.log.read_text())
    assert "/asked-with-it" in edge.log.read_text()
    assert TOKEN not in edge.log.read_text()
