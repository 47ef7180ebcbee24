"""Logs of containers, out of what Compose prints. The real one is read in tests/system."""

import json
import os
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from menuvo_ops.errors import CommandFailed, NotReady
from menuvo_ops.logs.asking import Asked
from menuvo_ops.logs.containers import Containers
from menuvo_ops.logs.line import Line
from menuvo_ops.logs.telling import tell
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.shell import Shell

# Prints what Compose 2 prints, and remembers how it was asked.
_DOCKER = """#!/bin/sh
echo "$@" >> {folder}/asked
case "$1" in
ps) cat {folder}/services ;;
*)
    last=+1
    for option; do case $option in --tail=*) last=${{option#--tail=}} ;; esac; done
    tail -n "$last" {folder}/said
    exit $(cat {folder}/code)
    ;;
esac
"""
_SAID = """\
redis-1       | 2026-11-30T09:46:24.522000000Z 1:M 30 Nov 2026 09:46:24.522 # bye | bye
platform-a-1  | 2026-11-30T09:46:20.000000001Z {"event": "request", "level": "info"}
platform-a-1  | 2026-11-30T09:46:25.000000000Z
platform-a-1 exited with code 0
"""


@pytest.fixture
def docker(tmp_path: Path) -> Path:
    program = tmp_path / "docker"
    program.write_text(_DOCKER.format(folder=tmp_path))
    program.chmod(0o700)
    (tmp_path / "services").write_text("redis\nplatform-a\n")
    (tmp_path / "said").write_text(_SAID)
    (tmp_path / "code").write_text("0")
    return tmp_path


@pytest.fixture
def containers(docker: Path) -> Containers:
    return Containers(Shell({**os.environ, "PATH": f"{docker}:{os.environ['PATH']}"}), "menuvo")


def test_lines_of_all_services_are_told_by_the_time_at_which_docker_had_them(
    containers: Containers, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(containers, Asked(), as_json=True)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["service"], one["event"]) for one in told] == [
        ("platform-a", "request"),
        ("redis", "bye | bye"),
        ("platform-a", ""),
    ]
    assert told[0]["time"] == "2026-11-30T09:46:20.000000Z"


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        (Asked(), "--tail=51 --until="),
        (Asked(since="10m"), "--tail=2001 --since="),
        (Asked(("redis",), lines=3), "--tail=4 --until="),
    ],
    ids=["nothing", "since", "lines"],
)
def test_docker_reads_no_more_than_is_wanted_and_one_that_tells_of_more(
    containers: Containers, docker: Path, asked: Asked, options: str
) -> None:
    tell(containers, asked, as_json=True)
    assert options in (docker / "asked").read_text()


def test_what_a_span_has_more_of_is_said_to_be_cut(
    containers: Containers, docker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    (docker / "said").write_text("".join(f"redis-1  | {now} {n}\n" for n in range(2001)))
    tell(containers, Asked(since="10m"), as_json=True)
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 2000
    assert told.err == "Of redis the last 2000 lines; more of them: --lines N\n"


def test_ctrl_c_ends_the_reading_of_a_long_past(containers: Containers, docker: Path) -> None:
    (docker / "docker").write_text("#!/bin/sh\nexec sleep 60\n")
    interruption = Interruption()
    interruption.report("Ctrl-C")
    heard: list[Line] = []
    containers.past(Asked(follow=True), datetime.now(UTC), heard.append, interruption)
    assert heard == []


def test_a_choice_among_lines_looks_at_all_of_them(containers: Containers, docker: Path) -> None:
    tell(containers, Asked(grep="bye"), as_json=True)
    assert "--tail" not in (docker / "asked").read_text()


def test_a_failure_of_docker_is_told_with_its_words(containers: Containers, docker: Path) -> None:
    (docker / "code").write_text("1")
    with pytest.raises(CommandFailed, match="Reading logs failed"):
        tell(containers, Asked(), as_json=True)


def test_where_no_container_is_nothing_can_be_read(containers: Containers, docker: Path) -> None:
    (docker / "services").write_text("")
    with pytest.raises(NotReady, match="no containers here"):
        tell(containers, Asked(), as_json=True)


def test_of_all_that_is_searched_only_what_is_shown_is_kept_in_memory(
    containers: Containers, docker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service keeps 50 MB of its log, and the server has other uses for its memory."""
    line = "platform-a-1  | 2026-11-30T09:46:20.000000001Z %s\n"
    said = (line % json.dumps({"event": "request", "number": number}) for number in range(30_000))
    (docker / "said").write_text("".join(said))
    tracemalloc.start()
    try:
        tell(containers, Asked(grep="request"), as_json=True)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 50
    assert json.loads(told[-1])["fields"] == {"number": 29_999}
    assert most < 3_000_000
