"""Who starts and stops an engine that several runs share; the daemon is a counter here."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from tests.system.bed import engine
from tests.system.bed.daemon import Daemon


class CountedDaemon:
    """Does nothing but say what was asked of it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.run = folder / "run"
        self.home.mkdir()
        self.calls: list[str] = []
        self.up = False

    def answers(self) -> bool:
        return self.up

    def start(self) -> None:
        self.calls.append("start")
        self.run.mkdir(exist_ok=True)
        self.up = True

    def recover(self) -> None:
        self.calls.append("recover")
        self.up = True

    def stop(self) -> None:
        self.calls.append("stop")
        (self.run / "keep").unlink(missing_ok=True)
        self.run.rmdir()
        self.up = False


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CountedDaemon:
    monkeypatch.setenv("MENUVO_BED_CACHE", str(tmp_path / "cache"))
    return CountedDaemon(tmp_path)


@contextmanager
def run_on(counted: CountedDaemon) -> Generator[None]:
    daemon = cast("Daemon", counted)
    with (counted.home / "users.lock").open("w") as seat:
        engine.enter(daemon, seat, lambda _: None)
        yield
        engine.leave(daemon, seat)


def test_the_first_in_starts_the_engine_and_the_last_one_out_stops_it(
    daemon: CountedDaemon,
) -> None:
    with run_on(daemon):
        with run_on(daemon):
            assert daemon.calls == ["start"]
        assert daemon.calls == ["start"]
    assert daemon.calls == ["start", "stop"]


def test_an_engine_that_is_kept_outlives_its_runs(daemon: CountedDaemon) -> None:
    with run_on(daemon):
        (daemon.run / "keep").touch()
    with run_on(daemon):
        assert daemon.calls == ["start"]
    assert daemon.calls == ["start"]


def test_what_a_killed_run_left_is_cleared_by_the_next(daemon: CountedDaemon) -> None:
    daemon.start()
    with run_on(daemon):
        assert daemon.calls == ["start", "recover"]
    assert daemon.calls == ["start", "recover", "stop"]


def test_a_second_run_does_not_clear_what_the_first_one_works_with(daemon: CountedDaemon) -> None:
    with run_on(daemon), run_on(daemon):
        assert "recover" not in daemon.calls
