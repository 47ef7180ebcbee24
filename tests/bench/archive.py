"""The figures of archiving the log: ours beside barman-cloud, which archives the same cluster into
the same bucket at the same time."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.bench.harness import Measurement
from tests.bench.measuring import archiving, barman
from tests.bench.measuring.archivers import Ours
from tests.bench.measuring.losing import figures, losses, room_for_clusters

MEGABYTES = 300
KILLS = 7
# As `archive_timeout` of the other is.
WITHIN_SECONDS = 60


def run(megabytes: int = MEGABYTES) -> Iterator[Measurement]:
    with tempfile.TemporaryDirectory(prefix="menuvo-bench-") as name:
        folder = Path(name)
        programs = barman.fetch(folder / "barman")
        makers = [Ours, partial(barman.Barman, programs)]
        with room_for_clusters(folder / "room") as room:
            ours, theirs = zip(*losses(room, makers, KILLS, WITHIN_SECONDS), strict=True)
            yield from figures(f"{Ours.name}: lost with the server", ours)
            yield from figures(f"{barman.Barman.name}: lost with the server", theirs)
            yield from archiving.measure(room, makers, megabytes)
