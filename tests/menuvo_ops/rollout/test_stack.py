"""What the engine does not say, or says while everything changes."""

import json
from pathlib import Path

import pytest
from tests.menuvo_ops.rollout.test_containers import described

from menuvo_ops.environment import Deployment
from menuvo_ops.errors import NotReady
from menuvo_ops.rollout import stack as module
from menuvo_ops.rollout.stack import Stack


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program to be written by each test."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program = tmp_path / "docker"
    program.touch(0o755)
    return program


def test_an_engine_that_is_stuck_is_not_waited_for(
    docker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes connections then, and answers nothing."""
    monkeypatch.setattr(module, "_ANSWERING_SECONDS", 0.5)
    docker.write_text("#!/bin/sh\nexec sleep 60\n")
    with pytest.raises(NotReady, match="No Docker engine answers") as refused:
        Stack(Deployment(docker.parent)).require_engine()
    assert "sudo systemctl restart docker" in refused.value.hint


_REPLACES = """#!/bin/sh
# Between the two questions the container is another one.
cd {folder}
case "$1 $2" in
"ps --all") cat there ;;
"container inspect")
    if [ "$3" = old ]; then
        echo new >there
        echo "[]"
        echo "Error response from daemon: No such container: old" >&2
        exit 1
    fi
    cat inspected
    ;;
esac
"""


def test_a_container_that_is_replaced_meanwhile_is_looked_at_again(docker: Path) -> None:
    docker.write_text(_REPLACES.format(folder=docker.parent))
    (docker.parent / "there").write_text("old\n")
    (docker.parent / "inspected").write_text(json.dumps([described("new", "platform-a")]))
    found = Stack(Deployment(docker.parent)).containers("menuvo")
    assert [(name, one.id) for name, one in found.items()] == [("platform-a", "new")]
