"""Who listens to the service: a stub that writes down what it hears, and Gatus itself."""

import http.server
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from menuvo_backup.monitor import ENDPOINT
from menuvo_backup.settings import MonitorSettings, Redacted
from menuvo_ops.environment.alerting import alerting
from menuvo_ops.environment.heartbeats import heartbeats
from menuvo_ops.environment.redacted import Redacted as Hidden
from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.running import running
from tests.system.bed.binaries import GATUS, provide
from tests.system.bed.cache import locked

TOKEN = "a-token-of-the-tests-in-one-word"
CHECKS = Path(__file__).parents[2] / "infra/gatus/gatus.yaml"


@dataclass
class Stub:
    """Answers with `status`; with None it keeps the line and says nothing."""

    status: int | None = 200
    port: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def settings(self) -> MonitorSettings:
        return MonitorSettings(f"http://127.0.0.1:{self.port}", Redacted(TOKEN))

    @contextmanager
    def listening(self) -> Generator["Stub"]:
        stub, over = self, threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                address = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(address.query).items()}
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                stub.heard.append(
                    {
                        "path": address.path,
                        "token": self.headers.get("Authorization"),
                        "body": body,
                        **query,
                    }
                )
                if stub.status is None:
                    over.wait()
                    return
                self.send_response(stub.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler) as server:
            server.daemon_threads = True
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield self
            over.set()
            server.shutdown()
            thread.join()


@dataclass(frozen=True)
class Gatus:
    """As it runs in production, and as everybody sees it."""

    port: int

    @property
    def settings(self) -> MonitorSettings:
        return MonitorSettings(f"http://127.0.0.1:{self.port}", Redacted(TOKEN))

    def shown(self) -> str:
        """All that its page and its API tell of the backups."""
        address = f"http://127.0.0.1:{self.port}/api/v1/endpoints/{ENDPOINT}/statuses"
        with urlopen(address, timeout=5) as answer:
            return answer.read().decode()

    def last(self) -> dict[str, Any]:
        return json.loads(self.shown())["results"][-1]


@contextmanager
def running_gatus(folder: Path, *, alerts_to: str, silence: str = "15m") -> Generator[Gatus]:
    """With the configuration of production; a test cannot wait for its silence."""
    port, configuration = free_port(), folder / "gatus"
    configuration.mkdir()
    checks = CHECKS.read_text().replace("port: 8080", f"port: {port}")
    (configuration / "checks.yaml").write_text(checks.replace("/data/", f"{folder}/"))
    values = {
        "BACKUP_MONITOR_TOKEN": Hidden(TOKEN),
        "ALERT_WEBHOOK_URL": Hidden(alerts_to),
    }
    (configuration / "alerting.yaml").write_text(alerting(values))
    told = heartbeats(values)
    assert "interval: 15m" in told
    (configuration / "heartbeats.yaml").write_text(
        told.replace("interval: 15m", f"interval: {silence}")
    )
    environment = {
        "GATUS_CONFIG_PATH": str(configuration),
        "EDGE_URL": "http://127.0.0.1:9",
        "EDGE_INSECURE": "false",
    }
    log, probe = folder / "gatus.log", HttpProbe(port, "/health")
    with running([str(_program())], log=log, probe=probe, env=environment):
        yield Gatus(port)


def _program() -> Path:
    try:
        with locked("binaries"):
            return provide(GATUS, print) / GATUS.name
    except MissingProgram as missing:
        pytest.skip(f"Gatus is built with Go: {missing.message}")
