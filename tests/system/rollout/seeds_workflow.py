"""The plain workflow of the seed's documentation, for comparison: set VERSION, recreate Caddy,
`up -d` one instance, wait until it is healthy, then the other; the proxy as Caddy is by default.

Its health checks come every 30 seconds, the engine's and the proxy's, also after a start; nothing
is tried again, and nobody waits until an instance is left out before it is stopped.
"""

import re
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import yaml

from tests.system.bed.bed import Bed
from tests.system.bed.production import CHECKOUT
from tests.system.production.stack import FILES, Production, running_production
from tests.system.rollout.variants import Release

INSTANCES = ("platform-a", "platform-b")
HEALTHY_SECONDS = 180
_OURS = re.compile(r"^\treverse_proxy .*?^\t}\n", re.DOTALL | re.MULTILINE)
_PLAIN = """\
	reverse_proxy {$PLATFORM_A:platform-a:3000} {$PLATFORM_B:platform-b:3000} {
		health_uri /live
	}
"""
_CHECKED = {"healthcheck": {"interval": "30s", "start_interval": "30s"}}


@contextmanager
def running_seed(bed: Bed, folder: Path) -> Generator[Production]:
    """Production with a plain proxy, everything up, with the demo in it."""
    infra = folder / "infra"
    shutil.copytree(CHECKOUT / "infra", infra)
    caddyfile = infra / "caddy/Caddyfile"
    plain, replaced = re.subn(_OURS, lambda _: _PLAIN, caddyfile.read_text())
    assert replaced == 1, "The Caddyfile has another shape than is replaced here."
    caddyfile.write_text(plain)
    checks = infra / "health-checks.yml"
    checks.write_text(yaml.safe_dump({"services": dict.fromkeys(INSTANCES, _CHECKED)}))
    files = (*(infra / file.name for file in FILES), checks)
    with running_production(bed, folder, files=files) as production:
        # What was not up at its first question is left out until the next one.
        production.until(lambda: production.answers("/live"), HEALTHY_SECONDS)
        yield production


def deploy(production: Production, release: Release) -> float:
    """The seconds that it took."""
    began = time.monotonic()
    given = {"PLATFORM_IMAGE": release.image, "VERSION": release.version}
    project = production.project
    environment = {**project.environment, **given}
    there = replace(production, project=replace(project, environment=environment))
    there.compose("up", "--detach", "--no-deps", "--force-recreate", "caddy")
    for name in INSTANCES:
        there.compose("up", "--detach", "--no-deps", name)
        there.until(lambda name=name: there.project.services()[name].is_well, HEALTHY_SECONDS)
    return time.monotonic() - began
