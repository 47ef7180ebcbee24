"""Any moment is recovered from the bucket alone, or it is said why not, with nothing half left."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from menuvo_backup.errors import BackupError, DumpDamaged, OutsideWindow, WalDamaged
from menuvo_backup.wal.recover import Wanted, recover
from menuvo_backup.wal.trial import try_recovery
from menuvo_backup.wal.window import Window
from menuvo_ops.local.ports import free_port
from tests.menuvo_backup.conftest import IMPATIENT, Service, put_programs_first
from tests.menuvo_backup.object_server import ObjectServer
from tests.menuvo_backup.wal.cluster import Cluster, processes_in
from tests.menuvo_backup.wal.conftest import Archived, service_of, until
from tests.menuvo_ops.waiting import eventually

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

MORE_THAN_A_SEGMENT = (
    "SELECT pg_logical_emit_message(true, 'test', repeat(md5(random()::text), 60000)) IS NULL"
)


@dataclass(frozen=True)
class Lost:
    """What is known of a cluster of which nothing is left but the bucket."""

    archived: Archived
    begin: datetime
    end: datetime
    between: datetime
    bucket: ObjectServer

    async def recover(self, into: Path, at: datetime | None = None, *, amcheck: bool = False):
        wanted = Wanted(at=at.isoformat() if at else None, into=into, amcheck=amcheck)
        return await recover(self.archived.service.settings, wanted, IMPATIENT)

    def start(self, into: Path) -> subprocess.Popen[bytes]:
        return self.start_with("--latest", f"--into={into}")

    def start_with(self, *options: str) -> subprocess.Popen[bytes]:
        environment = {**self.archived.service.environment, "PATH": os.environ["PATH"]}
        argv = [sys.executable, "-m", "menuvo_backup", "recover", *options]
        return subprocess.Popen(
            argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def contents(self) -> dict[str, bytes]:
        return {key: file.read_bytes() for key, file in self.bucket.files().items()}

    def object(self, part: str) -> Path:
        """The last one whose key has this in it."""
        found = self.bucket.files()
        return found[max(key for key in found if part in key)]


@pytest.fixture(scope="module")
def lost(
    blank_cluster: Cluster, object_server: ObjectServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Lost]:
    place = tmp_path_factory.mktemp("lost")
    object_server.empty()
    cluster = blank_cluster.copy(place / "data")
    with pytest.MonkeyPatch.context() as environment:
        put_programs_first(environment, place)
        archived = Archived(cluster, service_of(cluster, object_server, place / "backups"))
        with cluster.running():
            yield asyncio.run(_live_and_die(archived, object_server))


async def _live_and_die(archived: Archived, bucket: ObjectServer) -> Lost:
    async with archived.archiving():
        await archived.write("before the base")
        await archived.shipped()
        await archived.base()
        between = await archived.write("kept")
        await archived.ask(MORE_THAN_A_SEGMENT)
        await archived.write("later")
        await archived.shipped()
    window = await archived.window()
    archived.cluster.lose()
    assert window.begin is not None
    assert window.end is not None
    return Lost(archived, window.begin, window.end, between, bucket)


async def words_in(cluster: Path, archived: Archived) -> list[str]:
    back = Cluster(cluster, free_port())
    with back.running():
        return await replace(archived, cluster=back).read()


async def test_a_moment_between_two_writes_has_the_first_and_not_the_second(
    lost: Lost, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "recovered" / "18" / "docker"
    recovered = await lost.recover(into, lost.between, amcheck=True)
    events = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [told["event"] for told in events] == [
        "recover_started",
        "recover_fetched",
        "recover_checked",
        "recover_done",
    ]
    assert recovered.amcheck == "passed"
    assert 0 <= events[-1]["lag_seconds"] < 5
    assert events[-1]["timeline"] == 2
    assert [path.name for path in into.parent.iterdir()] == ["docker"]
    assert await words_in(into, lost.archived) == ["before the base", "kept"]


async def test_the_moment_of_the_base_backups_end_is_as_old_as_that(
    lost: Lost, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    await lost.recover(tmp_path / "recovered", lost.begin)
    done = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert 0 <= done["lag_seconds"] < 1
    assert await words_in(tmp_path / "recovered", lost.archived) == ["before the base"]


async def test_the_last_moment_of_the_bucket_has_everything(lost: Lost, tmp_path: Path) -> None:
    await lost.recover(tmp_path / "latest")
    words = await words_in(tmp_path / "latest", lost.archived)
    assert words == ["before the base", "kept", "later"]


def test_a_trial_tells_how_far_it_came_and_leaves_disk_and_bucket_as_they_were(
    lost: Lost,
) -> None:
    settings = lost.archived.service.settings
    killed = settings.folder / "trial"
    (killed / "base").mkdir(parents=True)
    here, there = set(settings.folder.iterdir()) - {killed}, lost.contents()
    trial = lost.start_with("--at", lost.between.isoformat(), "--trial")
    said, complaint = trial.communicate(timeout=120)
    assert trial.returncode == 0, complaint
    told = json.loads(said.splitlines()[-1])
    assert (told["event"], told["amcheck"]) == ("recover_done", "passed")
    assert 0 <= told["lag_seconds"] < 5
    assert set(settings.folder.iterdir()) == here
    assert lost.contents() == there


async def test_a_trial_that_fails_leaves_nothing_either(lost: Lost) -> None:
    settings = lost.archived.service.settings
    here = set(settings.folder.iterdir())
    with damaged(lost.object("/segments/"), truncate), pytest.raises(WalDamaged):
        await try_recovery(settings, Wanted(at=None, into=Path()), IMPATIENT)
    assert set(settings.folder.iterdir()) == here


async def test_the_end_of_the_window_can_be_recovered_itself(lost: Lost, tmp_path: Path) -> None:
    await lost.recover(tmp_path / "end", lost.end)
    assert (tmp_path / "end" / "PG_VERSION").exists()


@pytest.mark.parametrize("seconds", [-1, 1])
async def test_a_moment_outside_is_refused_with_what_can_be_recovered(
    lost: Lost, tmp_path: Path, seconds: int
) -> None:
    moment = (lost.begin if seconds < 0 else lost.end) + timedelta(seconds=seconds)
    with pytest.raises(OutsideWindow) as refused:
        await lost.recover(tmp_path / "never", moment)
    assert f"from {lost.begin:%Y-%m-%d %H:%M:%S}" in refused.value.hint
    assert f"to {lost.end:%Y-%m-%d %H:%M:%S}" in refused.value.hint
    assert is_empty(tmp_path)


def is_empty(folder: Path) -> bool:
    return not list(folder.iterdir())


@contextmanager
def damaged(file: Path, damage: Callable[[Path], None]) -> Generator[None]:
    whole = file.read_bytes()
    damage(file)
    try:
        yield
    finally:
        file.write_bytes(whole)


def flip(file: Path) -> None:
    """In the sum at its end: elsewhere one bit may only pack the same bytes in another way, as a
    repetition that points twice as far back does."""
    content = bytearray(file.read_bytes())
    content[-5] ^= 1
    file.write_bytes(content)


def truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


@pytest.mark.parametrize("damage", [flip, truncate])
@pytest.mark.parametrize(
    ("part", "error"),
    [("/segments/", WalDamaged), ("/growing/", WalDamaged), ("base.tar.gz", DumpDamaged)],
)
async def test_what_is_damaged_in_the_bucket_is_found_and_nothing_is_left(
    lost: Lost, tmp_path: Path, damage: Callable[[Path], None], part: str, error: type[BackupError]
) -> None:
    with damaged(lost.object(part), damage), pytest.raises(error):
        await lost.recover(tmp_path / "damaged")
    assert is_empty(tmp_path)


async def test_a_folder_of_somebody_else_beside_the_timelines_is_none(
    lost: Lost, tmp_path: Path
) -> None:
    stray = lost.object("claim.json").parents[1] / "notes"
    stray.mkdir()
    (stray / "readme").touch()
    await lost.recover(tmp_path / "recovered")
    shutil.rmtree(stray)


async def test_a_base_backup_that_is_gone_from_the_bucket_is_told_and_nothing_is_left(
    lost: Lost, tmp_path: Path
) -> None:
    gone = damaged(lost.object("base.tar.gz"), Path.unlink)
    with gone, pytest.raises(DumpDamaged, match="not in the bucket any more"):
        await lost.recover(tmp_path / "gone")
    assert is_empty(tmp_path)


def test_of_two_recoveries_into_one_folder_the_second_is_refused(
    lost: Lost, tmp_path: Path
) -> None:
    first = lost.start(tmp_path / "one")
    eventually((tmp_path / "one.partial" / "cluster").exists, within=60)
    second = lost.start(tmp_path / "one")
    _, told = second.communicate(timeout=60)
    assert second.returncode == 4
    assert b"recovers into" in told
    first.communicate(timeout=120)
    assert first.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_two_recoveries_into_two_folders_do_not_see_each_other(lost: Lost, tmp_path: Path) -> None:
    both = [lost.start(tmp_path / name) for name in ("one", "two")]
    for one in both:
        one.communicate(timeout=120)
    assert [one.returncode for one in both] == [0, 0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_recovery_that_is_ended_in_its_middle_leaves_nothing_or_is_cleared_by_the_next(
    lost: Lost, tmp_path: Path, number: signal.Signals
) -> None:
    place = tmp_path / "stopped.partial"
    process = lost.start(tmp_path / "stopped")
    eventually(lambda: list(processes_in(place)), within=60)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert not (tmp_path / "stopped").exists()
    if number == signal.SIGTERM:
        assert process.returncode == 143
        assert list(tmp_path.iterdir()) == []
    again = lost.start(tmp_path / "stopped")
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["stopped"]
    assert list(processes_in(tmp_path)) == []


async def test_a_timeline_that_was_begun_and_no_more_is_no_other_ones_number(
    lost: Lost, tmp_path: Path
) -> None:
    """Its server was lost within seconds of its first claim: a second one of the same number would
    be refused its place in the bucket."""
    claim = lost.object("/00000001/claim.json")
    begun = claim.parents[1] / "00000002" / claim.name
    begun.parent.mkdir()
    shutil.copyfile(claim, begun)
    try:
        recovered = await lost.recover(tmp_path / "latest")
    finally:
        shutil.rmtree(begun.parent)
    assert recovered.arrived.timeline == 3


@dataclass(frozen=True)
class TwoLines:
    """What is known of a cluster that was recovered once, wrote on, and is lost again."""

    regretted: datetime
    newer: datetime
    early: Window
    window: Window


async def live_twice(archived: Archived, into: Path) -> TwoLines:
    async with archived.archiving():
        await archived.write("1 kept")
        await archived.shipped()
        await archived.base()
        wanted = await archived.write("2 kept")
        regretted = await archived.write("3 regretted")
        await archived.shipped()
    archived.cluster.lose()
    settings = archived.service.settings
    await recover(settings, Wanted(at=wanted.isoformat(), into=into), IMPATIENT)
    second = replace(archived, cluster=Cluster(into, archived.cluster.port))
    with second.cluster.running():
        async with second.archiving():
            await until(lambda: _timeline(second) == 2)
            await second.write("4 new")
            await second.shipped()
            early = await second.window()
            await second.base()
            newer = await second.write("5 newer")
            await second.shipped()
        window = await second.window()
        second.cluster.lose()
    return TwoLines(regretted, newer, early, window)


async def require_both(archived: Archived, lines: TwoLines, place: Path) -> None:
    settings = archived.service.settings
    for name, at, words in (
        ("first", lines.regretted, ["1 kept", "2 kept", "3 regretted"]),
        ("second", lines.newer, ["1 kept", "2 kept", "4 new", "5 newer"]),
    ):
        found = await recover(settings, Wanted(at=at.isoformat(), into=place / name), IMPATIENT)
        assert found.arrived.timeline == 3
        assert await words_in(place / name, archived) == words


async def test_what_was_recovered_archives_on_a_timeline_of_its_own_and_both_can_be_recovered(
    archived: Archived, tmp_path: Path
) -> None:
    lines = await live_twice(archived, tmp_path / "recovered")
    # Before its own base backup, that of the timeline before leads on to it.
    assert lines.early.timeline == 2
    assert lines.window.timeline == 2
    assert [span.timeline for span in lines.window.earlier] == [1]
    await require_both(archived, lines, tmp_path)


async def test_both_can_be_recovered_when_the_lifecycle_took_what_was_written_at_their_beginning(
    archived: Archived, object_server: ObjectServer, tmp_path: Path
) -> None:
    """A timeline may last for longer than anything stays in the bucket."""
    lines = await live_twice(archived, tmp_path / "recovered")
    for key, file in object_server.files().items():
        if key.endswith(("/claim.json", ".history")):
            file.unlink()
    await require_both(archived, lines, tmp_path)


async def test_after_a_restore_that_was_taken_back_the_last_moment_is_that_of_what_serves_again(
    archived: Archived, tmp_path: Path
) -> None:
    """As `restore --undo` does it: the cluster that was kept goes on beside the newer timeline."""
    settings = archived.service.settings
    async with archived.archiving():
        await archived.write("1 kept")
        await archived.shipped()
        await archived.base()
        wanted = await archived.write("2 kept")
        await archived.shipped()
    stopped = archived.cluster.data.with_name("kept")
    archived.cluster.kill()
    archived.cluster.data.rename(stopped)
    into = tmp_path / "recovered"
    await recover(settings, Wanted(at=wanted.isoformat(), into=into), IMPATIENT)
    restored = replace(archived, cluster=Cluster(into, free_port()))
    restored = replace(restored, service=service_at(archived, restored.cluster))
    with restored.cluster.running():
        async with restored.archiving():
            await until(lambda: _timeline(restored) == 2)
            await restored.write("3 taken back")
            await restored.shipped()
    again = replace(archived, cluster=Cluster(stopped, free_port()))
    again = replace(again, service=service_at(archived, again.cluster))
    with again.cluster.running():
        async with again.archiving():
            await until(lambda: _timeline(again) == 1)
            await again.write("4 serves")
            await again.shipped()
        again.cluster.lose()
    window = await again.window()
    assert window.timeline == 1
    assert window.state == "Any moment in it can be recovered."
    await recover(settings, Wanted(at=None, into=tmp_path / "last"), IMPATIENT)
    words = await words_in(tmp_path / "last", archived)
    assert words == ["1 kept", "2 kept", "4 serves"]


def service_at(archived: Archived, cluster: Cluster) -> Service:
    """The same volume of backups, and another server."""
    return archived.service.with_(DATABASE_URL=cluster.url)


def _timeline(archived: Archived) -> int:
    status = archived.memory.status()
    return status.timeline if status is not None else 0
