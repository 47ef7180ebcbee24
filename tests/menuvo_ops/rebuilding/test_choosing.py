"""What is brought back of what the bucket has: whatever is newer, unless something is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.menuvo_ops.backups.engine import Engine
from tests.menuvo_ops.environment.complete import COMPLETE, write_env
from tests.menuvo_ops.rollout.releases import provided, release

from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.window import Span, Window
from menuvo_ops.environment import Deployment
from menuvo_ops.errors import NotReady, Usage
from menuvo_ops.rebuilding.bucket import Holdings
from menuvo_ops.rebuilding.choosing import Choice
from menuvo_ops.rebuilding.of_moment import OfMoment
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.plan import Changes
from menuvo_ops.rollout.probe import Probe
from menuvo_ops.rollout.scene import Options, Scene
from menuvo_ops.rollout.stack import Stack

NEWEST = Backup("20261128T030000Z", "good", size=1, uploaded=True)
OLDER = Backup("20261127T030000Z", "good", size=1, uploaded=True)
BACKUPS = (NEWEST, OLDER)
BEGIN = datetime(2026, 11, 22, 4, tzinfo=UTC)
NOTHING = Window((), "There is no base backup yet that the log goes on from.")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return scene_of(provided(tmp_path))


def scene_of(archive: Archive) -> Scene:
    write_env(archive.new_draft())
    return Scene(
        stack=Stack(Deployment(archive.deployment)),
        archive=archive,
        previous=None,
        target=release(7),
        changed=Changes(frozenset(), is_first=True),
        options=Options(),
        interruption=Interruption(),
        tell=lambda _: None,
        probe=Probe(None, lambda _asked, _failed: None),
    )


def until(end: datetime) -> Window:
    return Window((Span(BEGIN, end),))


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=7)])
def test_the_last_moment_of_the_archive_is_taken_where_nothing_is_named(
    scene: Scene, late: timedelta
) -> None:
    origin = Choice(scene).among(Holdings(BACKUPS, until(NEWEST.began + late)))
    assert origin.remembered["at"] == "latest"
    assert "the database of the last moment in the archive, 2026-11-28" in origin.told
    assert "may not have reached the bucket" in origin.loss


def test_without_any_backup_the_archive_is_enough(scene: Scene) -> None:
    assert isinstance(Choice(scene).among(Holdings((), until(BEGIN))), OfMoment)


@pytest.mark.parametrize(
    ("window", "why"),
    [
        (NOTHING, "The archive leads to no moment: There is no base backup yet"),
        (
            until(NEWEST.began - timedelta(seconds=1)),
            "It is newer than the end of the archive, 2026-11-28 03:59:59 CET.",
        ),
    ],
    ids=["nothing", "an older end"],
)
def test_the_newest_backup_is_taken_where_the_archive_does_not_lead_so_far_and_that_is_told(
    scene: Scene, window: Window, why: str
) -> None:
    origin = Choice(scene).among(Holdings(BACKUPS, window))
    assert origin.remembered == {"backup": NEWEST.id}
    assert why in origin.loss


def test_what_is_named_is_taken_although_there_is_something_newer(scene: Scene) -> None:
    holdings = Holdings(BACKUPS, until(NEWEST.began + timedelta(hours=7)))
    for name, backup in (("latest", NEWEST), (OLDER.id, OLDER)):
        origin = Choice(scene, backup=name).among(holdings)
        assert origin.remembered == {"backup": backup.id}
        assert origin.loss == "What was ordered since that backup is not in it."
    origin = Choice(scene, at="2026-11-23 18:05").among(holdings)
    assert origin.remembered["at"] == "2026-11-23T17:05:00+00:00"
    assert origin.told == "the database of 2026-11-23 18:05:00 CET"


def test_a_moment_that_is_named_has_no_backup_in_its_place(scene: Scene) -> None:
    origin = Choice(scene, at="latest").among(Holdings(BACKUPS, NOTHING))
    assert isinstance(origin, OfMoment)


def test_what_is_no_moment_and_an_empty_bucket_are_told(scene: Scene) -> None:
    with pytest.raises(Usage, match="'yesterday' is no moment"):
        Choice(scene, at="yesterday").among(Holdings(BACKUPS, NOTHING))
    with pytest.raises(NotReady, match="has no backup that can be restored"):
        Choice(scene).among(Holdings((), NOTHING))


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (
            "latest",
            "the last moment in the archive: the last commit was at 2026-11-23 18:04:51 CET",
        ),
        ("2026-11-23 18:05", "2026-11-23 18:05:00 CET: the last commit was 9 s before it"),
    ],
)
def test_afterwards_it_is_told_up_to_which_commit_it_goes(scene: Scene, at: str, told: str) -> None:
    origin = Choice(scene, at=at).among(Holdings(BACKUPS, until(NEWEST.began)))
    assert isinstance(origin, OfMoment)
    origin.work.last_commit = datetime(2026, 11, 23, 17, 4, 51, tzinfo=UTC)
    assert told in origin.told


@pytest.mark.parametrize(
    ("recipient", "told"),
    [
        (COMPLETE["BACKUP_AGE_RECIPIENT"], ""),
        (
            "age1other",
            "Base backup 20261122T033000Z is sealed for age1other, and the recovery file",
        ),
    ],
    ids=["its own", "another"],
)
def test_a_sealed_archive_wants_the_key_of_the_recovery_file(
    engine: Engine, recipient: str, told: str
) -> None:
    window = replace(until(NEWEST.began), base="20261122T033000Z", recipients=(recipient,))
    origin = Choice(scene_of(engine.archive)).among(Holdings(BACKUPS, window))
    problems = "".join(map(str, origin.problems()))
    assert problems.startswith(told)
    assert bool(problems) == bool(told)


def test_an_archive_that_does_not_lead_there_is_told(engine: Engine) -> None:
    choice = Choice(scene_of(engine.archive), at="2026-12-24 18:05")
    [problem] = choice.among(Holdings(BACKUPS, until(NEWEST.began))).problems()
    assert "The archive does not lead to 2026-12-24 18:05:00 CET" in str(problem)
    assert "It leads to every moment from 2026-11-22 05:00:00 CET" in str(problem)
