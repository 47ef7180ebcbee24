"""What `menuvo env rotate` does, one after the other and after a cut, without an engine."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest
from tests.menuvo_ops.environment.complete import COMPLETE, write_env
from tests.menuvo_ops.rollout.releases import provided, release

from menuvo_ops.environment import Deployment
from menuvo_ops.environment.rotations import ROTATIONS
from menuvo_ops.environment.values import text
from menuvo_ops.errors import NotReady
from menuvo_ops.rollout import redrafting
from menuvo_ops.rollout.archive import PROGRAM, Archive
from menuvo_ops.rollout.drafting import source_of
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.journal import Entry, Journal, Verb
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.rollout import Rollout
from menuvo_ops.rollout.rotating import Rotating
from menuvo_ops.rollout.scene import Options
from menuvo_ops.rollout.stack import COMPOSE_FILE, Stack
from menuvo_ops.rollout.telling import Ended, Event
from menuvo_ops.rollout.verbs import Server

NAMES = ("AUTH_SECRET", "AUTH_SECRET_NEXT", "AUTH_SECRET_PREVIOUS")
OLD = COMPLETE["AUTH_SECRET"]


class CutOffError(Exception):
    pass


@dataclass
class Rollouts:
    """Takes releases into service by writing down that they serve; `ends` says how each ends."""

    stack: Stack
    archive: Archive
    ends: list[str] = field(default_factory=list[str])

    def begin(
        self, target: Release, verb: Verb, _options: Options, *, agrees: Callable[[], bool]
    ) -> Ended:
        assert agrees()
        Journal(self.archive.journal).open(verb, target.number, target.previous, {})
        self.archive.admit(target)
        return self._end(target)

    def resume(self, entry: Entry) -> Ended:
        return self._end(self.archive.load(entry.release))

    def undo(self, entry: Entry) -> Ended:
        return self._back(self.archive.load(entry.release))

    def _end(self, target: Release) -> Ended:
        how = self.ends.pop(0) if self.ends else "done"
        if how == "cut off":
            raise CutOffError
        if how != "done":
            return self._back(target)
        self._close(target)
        self.archive.make_current(target.number)
        serving = self.archive.folder(target.number) / ".env"
        (self.stack.directory / ".env").write_bytes(serving.read_bytes())
        return Ended("done", 0, "It serves.", release=target.number)

    def _back(self, target: Release) -> Ended:
        self._close(target)
        self.archive.mark_failed(target.number)
        return Ended("rolled_back", 3, "What was before serves again.")

    def _close(self, target: Release) -> None:
        kept = self.archive.folder(target.number) / "journal.jsonl"
        Journal(self.archive.journal).close(kept)


@dataclass(frozen=True)
class Alone(Server):
    """Nobody else is at work, so there is nothing to lock."""

    rollouts: Rollouts

    @contextmanager
    def at_work(self) -> Generator[Rollout]:
        yield cast("Rollout", cast("object", self.rollouts))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alone:
    """A first release serves, and its images are here."""

    def are_here(_stack: Stack, _wanted: Release) -> None:
        return None

    monkeypatch.setattr(redrafting, "_require_images", are_here)
    archive, stack = provided(tmp_path), Stack(Deployment(tmp_path))
    draft = archive.new_draft()
    write_env(tmp_path)
    write_env(draft)
    (draft / COMPOSE_FILE).write_text("secrets: [auth_secret_also]\n")
    (draft / PROGRAM).touch()
    archive.admit(release(1))
    archive.make_current(1)
    told: list[Event] = []
    return Alone(tmp_path, told.append, Interruption(), lambda: True, Rollouts(stack, archive))


def rotate(server: Server, name: str = "AUTH_SECRET") -> Ended:
    return Rotating(server, Options(), dry_run=False).rotate(ROTATIONS[name], {})


def finish(server: Server) -> Ended:
    return Rotating(server, Options(), dry_run=False).finish()


def serving(server: Server) -> tuple[str, ...]:
    folder = server.archive.folder(server.archive.serving().number)
    values = source_of(folder).values
    return tuple(text(values, name) for name in NAMES)


def test_the_secret_that_signs_is_believed_first_and_asked_about_once(server: Alone) -> None:
    seen: list[tuple[str, ...]] = []

    def agrees() -> bool:
        seen.append(serving(server))
        return True

    server.rollouts.ends += ["done", "cut off"]
    with pytest.raises(CutOffError):
        rotate(replace(server, agrees=agrees))
    assert seen == [(OLD, "", "")]
    signs, coming, before = serving(server)
    assert (signs, before) == (OLD, "")
    assert len(coming) >= 32
    assert rotate(replace(server, agrees=agrees)).outcome == "done"
    assert len(seen) == 1
    assert serving(server) == (coming, "", OLD)


@pytest.mark.parametrize("ends", [["cut off"], ["done", "cut off"]])
def test_the_same_command_again_finishes_what_was_cut_off(server: Alone, ends: list[str]) -> None:
    server.rollouts.ends += ends
    with pytest.raises(CutOffError):
        rotate(server)
    cut_off = server.archive.under_way()
    assert cut_off is not None
    ended = rotate(server)
    assert ended.outcome == "done"
    assert "--finish" in ended.hint
    signs, coming, before = serving(server)
    assert signs != OLD
    assert (coming, before) == ("", OLD)
    assert server.archive.numbers() == [1, 2, 3], "each stage was done once"


def test_a_stage_that_fails_ends_the_command_and_the_next_goes_on_from_it(server: Alone) -> None:
    server.rollouts.ends += ["done", "fails"]
    assert rotate(server).outcome == "rolled_back"
    signs, coming, before = serving(server)
    assert (signs, before) == (OLD, "")
    assert rotate(server).outcome == "done"
    assert serving(server) == (coming, "", OLD)


def test_forgetting_the_secret_of_before_is_finished_too(server: Alone) -> None:
    rotate(server)
    signs, _, _ = serving(server)
    with pytest.raises(NotReady, match="still believed"):
        rotate(server)
    server.rollouts.ends += ["cut off"]
    with pytest.raises(CutOffError):
        finish(server)
    assert finish(server).outcome == "done"
    assert serving(server) == (signs, "", "")
    assert server.archive.numbers() == [1, 2, 3, 4]
    with pytest.raises(NotReady, match="is empty"):
        finish(server)


def test_something_else_that_was_cut_off_is_taken_back_first(server: Alone) -> None:
    server.rollouts.ends += ["cut off"]
    with pytest.raises(CutOffError):
        rotate(server, "DB_PASSWORD")
    assert rotate(server).outcome == "done"
    assert server.archive.has_failed(2)
    serves = source_of(server.archive.folder(server.archive.serving().number)).values
    assert text(serves, "DB_PASSWORD") == COMPLETE["DB_PASSWORD"]


def test_a_release_that_believes_one_secret_alone_is_not_given_two(server: Alone) -> None:
    (server.archive.folder(1) / COMPOSE_FILE).write_text("secrets: [auth_secret]\n")
    with pytest.raises(NotReady, match="cannot believe two secrets"):
        rotate(server)
    assert rotate(server, "DB_PASSWORD").outcome == "done"


def test_what_was_written_and_not_deployed_yet_is_not_taken_along(server: Alone) -> None:
    write_env(server.directory, DEADMAN_URL="https://hc-ping.com/another")
    with pytest.raises(NotReady, match="DEADMAN_URL"):
        rotate(server)
