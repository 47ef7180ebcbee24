"""`menuvo env check` with the real Docker Compose, on the compose file of production."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.menuvo_ops.environment.complete import write_env
from tests.system.bed.bed import Bed
from tests.system.bed.production import CHECKOUT

pytestmark = pytest.mark.core

COMPOSE_FILE = CHECKOUT / "infra/docker-compose.yml"


def errors_of_check(bed: Bed, folder: Path) -> list[str]:
    argv = [str(Path(sys.executable).parent / "menuvo"), "env", "check", "--json"]
    done = subprocess.run(
        [*argv, "--directory", str(folder)],
        env={**os.environ, **bed.engine.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["warnings"] == []
    return [f"{error['name']} {error['problem']}" for error in report["errors"]]


def test_production_fits_and_one_more_service_does_not(bed: Bed, tmp_path: Path) -> None:
    shutil.copy(COMPOSE_FILE, tmp_path)
    write_env(tmp_path)
    assert errors_of_check(bed, tmp_path) == []
    compose = tmp_path / "docker-compose.yml"
    compose.write_text(compose.read_text().replace("mem_limit: 3g", "mem_limit: 4g"))
    [error] = errors_of_check(bed, tmp_path)
    assert error.startswith("docker-compose.yml has memory limits of 8,688 MiB together")
