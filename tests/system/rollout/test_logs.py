"""What a deployed production says, and its figures: for the operator, and for nobody else."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.menuvo_ops.waiting import eventually
from tests.system.rollout.deployed import PROGRAM
from tests.system.rollout.scenes import Scene

pytestmark = pytest.mark.usefixtures("scene")

TARGETS = (
    *("platform-a:3000/internal/metrics", "platform-b:3000/internal/metrics"),
    *("worker-images:3000/metrics", "worker-imports:3000/metrics"),
    *("postgres-backup:3000/metrics", "caddy:2020/metrics"),
)
SERVICES = ("worker-images", "platform-a", "platform-b", "--lines", "1")
_READ = "import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=20).read().decode())"


def test_a_request_is_followed_through_all_services_by_its_name(scene: Scene) -> None:
    name = scene.production.request("/nowhere/at/all").headers["X-Request-Id"]

    def services() -> list[str]:
        told = scene.production.menuvo("logs", "--since", "5m", "--grep", name).events
        return sorted(line["service"] for line in told)

    eventually(lambda: len(services()) == 2, within=30)
    first, second = services()
    assert first == "caddy"
    assert second in {"platform-a", "platform-b"}
    refused = scene.production.menuvo("logs", "nobody")
    assert refused.exit_code == 2
    assert "platform-a" in refused.events[-1]["hint"]


def test_services_are_followed_into_the_container_that_takes_their_place(
    scene: Scene, tmp_path: Path
) -> None:
    production, heard = scene.production, tmp_path / "heard"
    argv = [sys.executable, "-u", str(production.folder / PROGRAM), "logs"]
    with heard.open("wb") as out:
        following = subprocess.Popen(
            [*argv, *SERVICES, "--follow", "--json", "--directory", str(production.folder)],
            env={**os.environ, **production.project.engine.environment},
            stdout=out,
        )

    def events() -> list[str]:
        return [json.loads(line)["event"] for line in heard.read_text().splitlines()]

    def is_followed() -> bool:
        """Compose misses a container that is restarted before it follows anything."""
        asked.append(production.request("/nowhere").headers["X-Request-Id"])
        return any(name in heard.read_text() for name in asked)

    asked: list[str] = []
    eventually(is_followed, within=60)
    before = events().count("worker_started")
    production.compose("restart", "worker-images")
    eventually(lambda: events().count("worker_started") == before + 1, within=90)
    production.compose("up", "--detach", "--no-deps", "--force-recreate", "worker-images")
    eventually(lambda: events().count("worker_started") == before + 2, within=90)
    following.send_signal(signal.SIGINT)
    assert following.wait(30) == 0


def test_figures_are_told_inside_and_nothing_of_them_outside(scene: Scene) -> None:
    production = scene.production
    for target in TARGETS:
        told = production.project.execute("platform-a", "python3", "-c", _READ, f"http://{target}")
        assert "\n# TYPE " in told, target
    for path in ("/metrics", "/internal/metrics", "/internal/queues"):
        assert production.request(path).status_code == 404, path
        asked = production.request(path, headers={"Host": "caddy:2020"})
        assert "# TYPE" not in asked.text, path
    published = production.compose("ps", "--format", "{{.Service}} {{.Ports}}")
    open_ones = [line for line in published.splitlines() if "->" in line]
    assert [line.split()[0] for line in open_ones] == ["caddy"]
    assert "2020->" not in open_ones[0]
