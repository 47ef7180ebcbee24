"""What is lost with the server: it dies while guests order, and is back from the bucket alone."""

import random
import shutil
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from tests.bench.harness import Measurement
from tests.bench.measuring.archivers import (
    Archiver,
    MakeArchiver,
    Ours,
    ask,
    made,
    settings_for,
)
from tests.menuvo_backup.conftest import put_programs_first
from tests.menuvo_backup.object_server import ObjectServer, running_object_server
from tests.menuvo_backup.wal.cluster import Cluster, make_cluster
from tests.menuvo_backup.wal.serving import Writer, writing

KILLS = 5
MOST_SECONDS_LOST = 60
# As the archiver's rounds are.
_ROUND_SECONDS = 20
_SECONDS_BETWEEN_COMMITS = 0.1


@dataclass(frozen=True)
class Loss:
    """Between the last commit that was acknowledged and the last that is back, by the server's
    clock; and until the recovered server answered."""

    lost_seconds: float
    recover_seconds: float


def measure(folder: Path) -> list[Measurement]:
    with room_for_clusters(folder) as room:
        lost = [loss for [loss] in losses(room, [Ours], KILLS, _ROUND_SECONDS)]
    return figures("lost with the server", lost, MOST_SECONDS_LOST)


def figures(what: str, those: Sequence[Loss], most: float | None = None) -> list[Measurement]:
    lost = [loss.lost_seconds for loss in those]
    back = median(loss.recover_seconds for loss in those)
    return [
        Measurement(f"{what}, median of {len(lost)}", median(lost), "s", "lower"),
        Measurement(f"{what}, at most", max(lost), "s", "lower", most),
        Measurement(f"{what}: back from the bucket alone, median", back, "s", "lower"),
    ]


@dataclass(frozen=True)
class Room:
    """A cluster that was never started, with segments of PostgreSQL's usual size, and a bucket."""

    folder: Path
    blank: Cluster
    bucket: ObjectServer

    @contextmanager
    def emptied(self) -> Generator[Path]:
        """With a folder for what is needed once."""
        self.bucket.empty()
        with tempfile.TemporaryDirectory(dir=self.folder) as place:
            yield Path(place)


@contextmanager
def room_for_clusters(folder: Path) -> Generator[Room]:
    folder.mkdir()
    with (
        pytest.MonkeyPatch.context() as environment,
        running_object_server(folder) as bucket,
    ):
        put_programs_first(environment, folder)
        yield Room(folder, make_cluster(folder / "blank", segment_megabytes=16), bucket)


def losses(
    room: Room, makers: Sequence[MakeArchiver], kills: int, within_seconds: float
) -> Generator[list[Loss]]:
    """At one random moment in each part of that time, of as many parts as kills. All of `makers`
    archive the same cluster and lose it at the same moment; theirs come in the same order."""
    for number in range(kills):
        yield _lose(room, makers, within_seconds * (number + random.random()) / kills)


def _lose(room: Room, makers: Sequence[MakeArchiver], after_seconds: float) -> list[Loss]:
    with room.emptied() as place:
        archivers = made(makers, room.bucket, place)
        cluster = room.blank.copy(place / "data")
        with (
            cluster.running(**settings_for(archivers)),
            writing(cluster.url, pause_seconds=_SECONDS_BETWEEN_COMMITS) as writer,
        ):
            with ExitStack() as server:
                for archiver in archivers:
                    server.enter_context(archiver.archiving(cluster))
                time.sleep(after_seconds)
            cluster.lose()
        return [_come_back(one, place / "recovered", writer) for one in archivers]


def _come_back(archiver: Archiver, into: Path, writer: Writer) -> Loss:
    began = time.monotonic()
    with archiver.recovered(into, None) as cluster:
        last, rows, at = ask(cluster, "SELECT max(id), count(*), max(at) FROM orders")
        seconds = time.monotonic() - began
    assert writer.at is not None
    assert last == rows, "there is a hole in what came back"
    shutil.rmtree(into)
    # The last one may have been committed and never acknowledged.
    return Loss(max(0.0, (writer.at - at).total_seconds()), seconds)
