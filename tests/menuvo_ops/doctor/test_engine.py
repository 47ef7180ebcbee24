"""Docker itself, by what it says of itself."""

import json
from pathlib import Path

import pytest

from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.production.engine import version


@pytest.mark.parametrize(
    ("told", "live_restore", "status"),
    [("25.0.5", True, "fail"), ("26.0.0", True, "ok"), ("28.5.1", False, "warn")],
    ids=["too old", "old enough", "takes all down"],
)
def test_docker_is_as_new_as_a_folder_of_a_volume_wants_it(
    told: str, status: str, *, live_restore: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it no moment is brought back: decision 0021."""
    info = json.dumps({"ServerVersion": told, "LiveRestoreEnabled": live_restore})
    docker = tmp_path / "docker"
    docker.write_text(f"#!/bin/sh\necho '{info}'\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    found = version(Deployed(tmp_path))
    assert (found.status, told in found.told) == (status, True)
