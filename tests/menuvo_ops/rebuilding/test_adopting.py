"""`clusters.sh adopt`, after which PostgreSQL refuses to start with any other database."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT

SCRIPT = CHECKOUT / "infra/postgres/clusters.sh"


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    """With a database in it, and the identifier of the one that serves beside it."""
    for name in ("volume/recovered/now", "state", "bin"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "state/cluster").write_text("1111\n")
    return tmp_path


def adopt(volume: Path, pg_controldata: str) -> int:
    script = SCRIPT.read_text()
    for inside, here in (("/var/lib/postgresql", "volume"), ("/var/lib/menuvo", "state")):
        assert f"={inside}\n" in script
        script = script.replace(f"={inside}\n", f"={volume / here}\n")
    program = volume / "bin/pg_controldata"
    program.write_text(f"#!/bin/sh\n{pg_controldata}\n")
    program.chmod(0o755)
    env = {**os.environ, "PATH": f"{volume / 'bin'}:{os.environ['PATH']}", "PGDATA": "elsewhere"}
    argv = ["sh", "-c", script, "clusters.sh", "adopt", "recovered/now"]
    return subprocess.run(argv, env=env, check=False).returncode


def test_the_identifier_of_the_new_one_takes_the_place_of_the_old(volume: Path) -> None:
    assert adopt(volume, "echo 'Database system identifier:           2222'") == 0
    assert (volume / "state/cluster").read_text() == "2222\n"


def test_one_that_cannot_be_read_is_not_adopted(volume: Path) -> None:
    assert adopt(volume, "exit 1") != 0
    assert (volume / "state/cluster").read_text() == "1111\n"
