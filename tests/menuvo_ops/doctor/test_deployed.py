"""A server whose Docker is away is what somebody looks at who is in a hurry."""

from pathlib import Path

import pytest
from tests.menuvo_ops.environment.complete import write_env

from menuvo_ops.doctor import machine
from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.production import release
from menuvo_ops.errors import NotReady


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every question to a Docker that answers none, a line each."""
    docker = tmp_path / "docker"
    docker.write_text(f"#!/bin/sh\necho $1 >>{tmp_path}/asked\necho no >&2\nexit 1\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "asked"


def test_it_is_asked_once_whether_it_answers(asked: Path) -> None:
    ground = Deployed(asked.parent)
    for _ in range(2):
        with pytest.raises(NotReady, match="No Docker engine answers"):
            ground.services()
    assert asked.read_text() == "version\n"


def test_what_needs_no_docker_is_looked_at_without_it(asked: Path) -> None:
    ground = Deployed(asked.parent)
    write_env(asked.parent)
    assert release.environment(ground).status == "ok"
    assert release.readers(ground).status == "ok"
    # A full disk is why it may be away.
    assert "of the disk are free" in machine.disk(ground).told
