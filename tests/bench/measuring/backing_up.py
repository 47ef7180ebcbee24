"""Our dump beside that of plain `pg_dump -Fc`: seconds, and the memory of dump and upload."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.harness import Measurement
from tests.bench.measuring.programs import Ran, menuvo_backup, plain_dump
from tests.system.production.stack import Production

PAIRS = 3
MEBIBYTE = 1024 * 1024
# What counting rows, summing up and passing on may add.
MOST_TIMES_PLAIN = 1.15
MOST_MEBIBYTES = 128
SERVICE = "postgres-backup"


@dataclass(frozen=True)
class Pair:
    """One after the other, so that both had the same neighbours on the machine."""

    plain_seconds: float
    ours: Ran

    @property
    def dump_seconds(self) -> float:
        """From the roles and the count to the dump on the disk, summed up."""
        return self.ours.events["dump_written"]["seconds"]

    @property
    def whole_seconds(self) -> float:
        """With the upload, and the comparison with what the bucket has."""
        return self.ours.events["backup_done"]["seconds"]


def measure(production: Production) -> tuple[list[Measurement], int]:
    """The figures, and the bytes of the dump."""
    pairs = [_pair(production, plain_first=number % 2 == 0) for number in range(PAIRS)]
    ratio = median(pair.dump_seconds / pair.plain_seconds for pair in pairs)
    anonymous = max(pair.ours.peak.anonymous for pair in pairs)
    everything = max(pair.ours.peak.everything for pair in pairs)
    figures = [
        *_spread("plain pg_dump", [pair.plain_seconds for pair in pairs]),
        *_spread("our dump", [pair.dump_seconds for pair in pairs]),
        Measurement("our dump by plain pg_dump", ratio, "times", "lower", MOST_TIMES_PLAIN),
        *_spread("our dump and its upload", [pair.whole_seconds for pair in pairs]),
        Measurement(
            "anonymous memory of both, at most",
            anonymous / MEBIBYTE,
            "MiB",
            "lower",
            MOST_MEBIBYTES,
        ),
        Measurement("with files that the kernel keeps", everything / MEBIBYTE, "MiB", "lower"),
    ]
    return figures, pairs[-1].ours.events["dump_written"]["bytes"]


def _pair(production: Production, *, plain_first: bool) -> Pair:
    if plain_first:
        seconds = plain_dump(production, SERVICE)
        return Pair(seconds, menuvo_backup(production, SERVICE, "now"))
    ours = menuvo_backup(production, SERVICE, "now")
    return Pair(plain_dump(production, SERVICE), ours)


def _spread(what: str, seconds: Sequence[float]) -> list[Measurement]:
    return [
        Measurement(f"{what}, median of {len(seconds)}", median(seconds), "s", "lower"),
        Measurement(f"{what}, fastest", min(seconds), "s", "lower"),
        Measurement(f"{what}, slowest", max(seconds), "s", "lower"),
    ]
