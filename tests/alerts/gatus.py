"""Gatus itself, with the configuration of production: only addresses and pace are the test's."""

import json
import re
import signal
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from menuvo_ops.commands import gatus
from menuvo_ops.environment.alerting import alerting
from menuvo_ops.environment.deadman import deadman
from menuvo_ops.environment.heartbeats import heartbeats
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.monitoring import checks
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.running import running
from tests.system.bed.binaries import GATUS, provide
from tests.system.bed.cache import locked

CHECKS = Path(__file__).parents[2] / "infra/gatus/gatus.yaml"
DOMAIN = "menuvo.example"


@dataclass(frozen=True)
class Gatus:
    """A folder of its own; its history outlives the process."""

    folder: Path
    port: int
    edge: str

    @contextmanager
    def running(self, *, stop_with: signal.Signals = signal.SIGTERM) -> Generator["Gatus"]:
        configuration = self.folder / "configuration"
        environment = gatus.environment(configuration, domain=DOMAIN, edge=self.edge)
        log, probe = self.folder / "gatus.log", HttpProbe(self.port, "/health")
        argv = gatus.run(_program())
        with running(argv, log=log, probe=probe, env=environment, stop_with=stop_with):
            yield self

    def get(self, path: str) -> str:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return answer.read().decode()

    def shown(self, endpoint: str) -> str:
        """All that its page and its API tell of one."""
        return self.get(f"/api/v1/endpoints/{endpoint}/statuses")

    def last(self, endpoint: str) -> dict[str, Any]:
        return json.loads(self.shown(endpoint))["results"][-1]


def prepared_gatus(
    folder: Path,
    values: Mapping[str, str],
    *,
    ports: Mapping[str, int] | None = None,
    pace: Mapping[str, str] | None = None,
    telegram: str = "",
) -> Gatus:
    """`pace` replaces intervals; `telegram` is where its API is. What has no port is not there."""
    configuration, port = folder / "configuration", free_port()
    configuration.mkdir(parents=True)
    there = dict.fromkeys(checks.ADDRESSES, 9) | dict(ports or {})
    held = {name: Redacted(value) for name, value in {"DOMAIN": DOMAIN, **values}.items()}
    told = alerting(held)
    if telegram:
        told = told.replace("  telegram:\n", f'  telegram:\n    api-url: "{telegram}"\n')
    files = {
        "checks.yaml": checks.relocated(CHECKS.read_text(), port=port, data=folder, ports=there),
        "alerting.yaml": told,
        "heartbeats.yaml": heartbeats(held),
        "deadman.yaml": deadman(held),
    }
    for name, content in files.items():
        (configuration / name).write_text(_at_pace(content, pace or {}))
    return Gatus(folder, port, f"https://127.0.0.1:{there['caddy']}")


def _at_pace(content: str, pace: Mapping[str, str]) -> str:
    for before, after in pace.items():
        content = re.sub(rf'(interval"?: "?){before}\b', rf"\g<1>{after}", content)
    return content


def _program() -> Path:
    try:
        with locked("binaries"):
            return provide(GATUS, print) / GATUS.name
    except MissingProgram as missing:
        pytest.skip(f"Gatus is built with Go: {missing.message}")
