"""`./menuvo up --engine compose`, as somebody with Docker on a laptop meets it."""

import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from menuvo_ops.containers.local import DOMAIN, LocalProduction
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.ports import free_port
from tests.system.bed.bed import Bed
from tests.system.bed.production import variables
from tests.system.clone import CHECKOUT, copy_checkout
from tests.system.production.stack import PERMANENT

pytestmark = pytest.mark.core

SECONDS = 600


@dataclass(frozen=True)
class Laptop:
    root: Path
    environment: dict[str, str]
    port: int

    def menuvo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(CHECKOUT / ".venv/bin/python"), "-c", RUN, str(self.root), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )


# The tool of this checkout at work on the copy: an environment of its own would take minutes.
RUN = """
import sys
from pathlib import Path
from menuvo_ops import cli, cli_logs, cli_places, cli_rollout
from menuvo_ops.local.paths import Clone
clone = Clone(Path(sys.argv.pop(1)))
for module in (cli, cli_logs, cli_places, cli_rollout):
    module.this_clone = lambda: clone
cli.main()
"""


@pytest.fixture(scope="module")
def laptop(bed: Bed, tmp_path_factory: pytest.TempPathFactory) -> Generator[Laptop]:
    root = tmp_path_factory.mktemp("laptop") / "menuvo"
    copy_checkout(root)
    one = Laptop(root, {**bed.engine.environment, **variables(), "HOME": str(root)}, free_port())
    yield one
    one.menuvo("down", "--delete-data")
    shutil.rmtree(root, ignore_errors=True)


def test_everything_comes_up_with_the_demo_and_says_where_to_click(laptop: Laptop) -> None:
    done = laptop.menuvo("up", "--engine", "compose", "--detach", "--port", str(laptop.port))

    assert done.returncode == 0, done.stderr
    base_url = f"https://{DOMAIN}:{laptop.port}"
    assert f"{base_url}/gasthaus-lindenhof" in done.stdout
    assert "Your browser will warn" in done.stderr


def test_status_tells_the_same_as_of_the_embedded_engine(laptop: Laptop) -> None:
    report = json.loads(laptop.menuvo("status", "--json").stdout)
    assert report["state"] == "running"
    services = {service["name"]: service for service in report["services"]}
    assert services.keys() == PERMANENT | {"s3"}
    for service in services.values():
        assert service["state"] == "healthy"
        assert service["pid"] > 0
        assert service["resident_bytes"] > 1_000_000
    assert report["demo_table_url"].startswith(f"https://{DOMAIN}:{laptop.port}/q/")


def test_the_table_code_leads_to_the_menu(laptop: Laptop) -> None:
    report = json.loads(laptop.menuvo("status", "--json").stdout)
    path = httpx.URL(report["demo_table_url"]).path
    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    with httpx.Client(verify=unverified) as client:
        answer = client.get(
            f"https://127.0.0.1:{laptop.port}{path}",
            headers={"Host": f"{DOMAIN}:{laptop.port}"},
            extensions={"sni_hostname": DOMAIN},
        )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/gasthaus-lindenhof")


def test_up_again_keeps_ports_and_passwords(laptop: Laptop) -> None:
    secrets = Path(LocalProduction(Clone(laptop.root)).deployment.secrets)
    before = {file.name: file.read_bytes() for file in secrets.iterdir() if file.is_file()}
    done = laptop.menuvo("up", "--engine", "compose", "--detach")
    assert done.returncode == 0, done.stderr
    assert f"https://{DOMAIN}:{laptop.port}/" in done.stdout
    assert {f.name: f.read_bytes() for f in secrets.iterdir() if f.is_file()} == before


def test_the_other_engine_is_refused_meanwhile(laptop: Laptop) -> None:
    done = laptop.menuvo("up", "--detach")
    assert done.returncode == 4
    assert "./menuvo down" in done.stderr


def test_logs_and_restart_know_the_services_by_name(laptop: Laptop) -> None:
    told = laptop.menuvo("logs", "platform-a", "-n", "20", "--json").stdout.splitlines()
    assert {json.loads(line)["service"] for line in told} == {"platform-a"}
    assert laptop.menuvo("restart", "worker-images").returncode == 0
    unknown = laptop.menuvo("logs", "nobody")
    assert unknown.returncode == 2
    assert "platform-a" in unknown.stderr


def test_down_leaves_the_data_and_nothing_running(laptop: Laptop, bed: Bed) -> None:
    assert laptop.menuvo("down").returncode == 0
    assert containers_of(laptop, bed) == ""
    project = LocalProduction(Clone(laptop.root)).project.name
    volumes = bed.engine.docker(["docker", "volume", "ls", "--quiet"], what="Listing")
    assert f"{project}_postgres-data" in volumes.split()
    assert json.loads(laptop.menuvo("status", "--json").stdout)["state"] == "stopped"


def test_a_start_that_fails_says_why_and_leaves_nothing_half_started(
    laptop: Laptop, bed: Bed
) -> None:
    broken = {**laptop.environment, "POSTGRES_IMAGE": "redis:8-alpine"}
    done = Laptop(laptop.root, broken, laptop.port).menuvo("up", "--engine", "compose", "--detach")
    assert done.returncode == 1
    assert "--- postgres:" in done.stderr
    assert json.loads(laptop.menuvo("status", "--json").stdout)["state"] == "stopped"
    assert containers_of(laptop, bed) == ""


def test_a_port_that_is_taken_is_said_before_anything_starts(laptop: Laptop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        done = laptop.menuvo("up", "--engine", "compose", "--detach", "--port", taken)
    assert done.returncode == 1
    assert f"Port {taken} is taken by another program" in done.stderr
    assert json.loads(laptop.menuvo("status", "--json").stdout)["state"] == "stopped"


def test_without_docker_one_sentence_says_so(laptop: Laptop) -> None:
    without = {**laptop.environment, "PATH": "/usr/bin:/bin", "DOCKER_HOST": "unix:///nowhere"}
    lonely = Laptop(laptop.root, without, laptop.port)
    done = lonely.menuvo("up", "--engine", "compose", "--detach")
    assert done.returncode == 1
    assert "Docker" in done.stderr
    assert "Traceback" not in done.stderr


def containers_of(laptop: Laptop, bed: Bed) -> str:
    project = LocalProduction(Clone(laptop.root)).project.name
    label = f"--filter=label=com.docker.compose.project={project}"
    return bed.engine.docker(["docker", "ps", "--all", "--quiet", label], what="Listing")
