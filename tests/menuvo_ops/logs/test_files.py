"""Logs that lie in files, as `./menuvo up` writes them."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.errors import OpsError, Usage
from menuvo_ops.local.logs import rotate
from menuvo_ops.logs.asking import Asked
from menuvo_ops.logs.files import Files
from menuvo_ops.logs.line import Line, from_json
from menuvo_ops.logs.telling import tell
from menuvo_ops.rollout.interruption import Interruption


def said(event: str, *, ago: float = 0, level: str = "info") -> str:
    at = datetime.now(UTC) - timedelta(seconds=ago)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f'{{"event": "{event}", "level": "{level}", "timestamp": "{stamp}"}}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "platform-a.log").write_text(said("second", ago=50) + said("fourth", ago=30))
    (tmp_path / "platform-b.log").write_text(
        said("first", ago=60) + said("third", ago=40, level="error") + "unfinished"
    )
    return tmp_path


@pytest.fixture
def events(folder: Path, capsys: pytest.CaptureFixture[str]) -> "Events":
    return Events(folder, capsys)


class Events:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder: Path = folder
        self.capsys: pytest.CaptureFixture[str] = capsys

    def told(self, asked: Asked) -> list[str]:
        tell(Files(self.folder), asked, as_json=True)
        lines = map(from_json, self.capsys.readouterr().out.splitlines())
        return [line.event for line in lines if line is not None]


def test_all_services_are_told_in_the_order_of_time(events: Events) -> None:
    assert events.told(Asked()) == ["first", "second", "third", "fourth"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Asked(("platform-b",)), ["first", "third"]),
        (Asked(("platform-b", "platform-a"), lines=1), ["third", "fourth"]),
        (Asked(since="45s"), ["third", "fourth"]),
        (Asked(grep="FIRST"), ["first"]),
        (Asked(grep="nobody said this"), []),
        (Asked(level="warning"), ["third"]),
        (Asked(level="debug", grep="o", lines=1), ["third", "fourth"]),
        (Asked(lines=0), []),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_only_what_was_asked_for_is_told(events: Events, asked: Asked, told: list[str]) -> None:
    assert events.told(asked) == told


def test_a_crash_that_names_no_level_is_told_among_errors(events: Events) -> None:
    with (events.folder / "platform-a.log").open("a") as log:
        log.write("Traceback (most recent call last):\n  File x\nValueError\n")
    crash = ["Traceback (most recent call last):", "  File x", "ValueError"]
    assert events.told(Asked(("platform-a",), level="error")) == crash


def test_what_was_copied_aside_is_found_by_those_who_look_far(events: Events) -> None:
    rotate(events.folder, largest=1)
    assert events.told(Asked()) == []
    assert events.told(Asked(since="1h")) == ["first", "second", "third", "unfinished", "fourth"]
    assert events.told(Asked(grep="third")) == ["third"]


def test_a_long_past_is_cut_and_that_is_said(
    events: Events, capsys: pytest.CaptureFixture[str]
) -> None:
    (events.folder / "platform-a.log").write_text(said("again") * 2001)
    tell(Files(events.folder), Asked(("platform-a",), since="1h"), as_json=True)
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 2000
    assert told.err == "Of platform-a the last 2000 lines; more of them: --lines N\n"
    assert len(events.told(Asked(("platform-a",), since="1h", lines=3000))) == 2001


def test_what_comes_is_told_through_a_rotation_and_no_line_twice(folder: Path) -> None:
    heard: list[Line] = []
    interruption = Interruption()
    files = Files(folder)
    files.services()
    before: list[Line] = []
    files.past(Asked(), datetime.now(UTC), before.append, Interruption())
    assert "unfinished" not in [line.event for line in before]
    now = datetime.now(UTC)
    following = threading.Thread(
        target=files.follow, args=(Asked(), now, heard.append, interruption), daemon=True
    )
    following.start()
    with (folder / "platform-b.log").open("a") as log:
        log.write(" no more\n")
    eventually(lambda: [line.event for line in heard] == ["unfinished no more"])
    rotate(folder, largest=1)
    with (folder / "platform-b.log").open("a") as log:
        log.write(said("fifth"))
    eventually(lambda: [line.event for line in heard] == ["unfinished no more", "fifth"])
    interruption.report("Ctrl-C")
    following.join(5)
    assert not following.is_alive()


@pytest.mark.parametrize(
    ("asked", "sentence", "hint"),
    [
        (Asked(("candy",)), "There is no service candy.", "There are: platform-a, platform-b."),
        (Asked(since="soon"), "'soon' is no span of time.", "--since 90s, 10m, 2h, 1d"),
        (Asked(since="10"), "'10' is no span of time.", "--since 90s, 10m, 2h, 1d"),
        (Asked(since="999999d"), "'999999d' is no span of time.", "ten years"),
        (Asked(level="loud"), "There is no level loud.", "debug, info, warning, error"),
        (Asked(lines=-1), "--lines is a number from 0 on.", ""),
    ],
    ids=["service", "span", "unit", "too far", "level", "lines"],
)
def test_what_makes_no_sense_is_refused_in_words(
    folder: Path, asked: Asked, sentence: str, hint: str
) -> None:
    with pytest.raises(Usage) as refusal:
        tell(Files(folder), asked, as_json=False)
    assert refusal.value.message == sentence
    assert hint in refusal.value.hint


def test_where_nothing_ran_there_are_no_logs(tmp_path: Path) -> None:
    with pytest.raises(OpsError, match="There are no logs yet"):
        tell(Files(tmp_path), Asked(), as_json=False)
