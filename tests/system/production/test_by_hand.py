"""docs/guides/production-by-hand.md, command by command."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from menuvo_ops.local.ports import free_port
from tests.system.bed.bed import Bed
from tests.system.bed.production import CHECKOUT, variables
from tests.system.guides import Operator
from tests.system.production.stack import ANSWERS, DOMAIN
from tests.system.rollout.variants import build

pytestmark = pytest.mark.core

GUIDE = "production-by-hand"
NEXT = "4f2a91c0"


def test_every_command_of_the_guide_does_what_it_says(bed: Bed, tmp_path: Path) -> None:
    folder = tmp_path / "menuvo"
    shutil.copytree(CHECKOUT / "infra", folder, ignore=shutil.ignore_patterns(".env", "secrets"))
    # As an operator adds what is theirs: a server for the buckets, and Caddy's own certificates.
    (folder / "docker-compose.local.yml").rename(folder / "docker-compose.override.yml")
    http, https = free_port(), free_port()
    filled_in = {
        **ANSWERS,
        **variables(),
        "COMPOSE_PROJECT_NAME": f"by-hand-{http}",
        "HTTP_PORT": f"127.0.0.1:{http}",
        "HTTPS_PORT": f"127.0.0.1:{https}",
    }
    lines = [f"{name}='{value}'\n" for name, value in filled_in.items()]
    (folder / ".env").write_text("".join(lines))
    release = build(bed.engine, "good", version=NEXT)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    operator = Operator(
        folder,
        {**os.environ, **bed.engine.environment, "PATH": path},
        {
            # No registry is reached from here, and this is no server of its own.
            "docker compose pull": "true",
            "menuvo.example.org": DOMAIN,
            "http://localhost": f"http://localhost:{http}",
            f"ghcr.io/mwesox/menuvo-platform:{NEXT}": release.image,
        },
    )
    try:
        said = operator.follow(GUIDE)
    finally:
        operator.type("docker compose down --volumes")

    assert '"status":"ok"' in said["curl -fsS http://localhost/health"]
    [counted] = [told for command, told in said.items() if "SELECT count" in command]
    assert re.search(r"^\s+0$", counted, re.MULTILINE)
    assert "platform-b" in said["docker compose ps"]
    assert f"1*  {NEXT}" in said["menuvo releases"]
