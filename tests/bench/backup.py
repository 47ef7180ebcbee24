"""The figures of backups: dumped, uploaded, verified and restored, beside PostgreSQL's own programs
within the same limits; what is lost with the server, and when it takes orders again."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.harness import Measurement
from tests.bench.measuring import backing_up, crowding, losing, rebuilding, restoring
from tests.system.bed.bed import Bed, running_bed
from tests.system.production.restaurants import fill
from tests.system.production.stack import Production, prepared_production

MEGABYTES = 2000
MB = 1_000_000


def run(megabytes: int = MEGABYTES) -> Iterator[Measurement]:
    folder = Path(tempfile.mkdtemp(prefix="menuvo-bench-"))
    try:
        with running_bed(lambda _: None) as bed:
            yield from _in_containers(bed, folder / "production", megabytes)
            yield from rebuilding.measure(bed, folder / "lost", megabytes)
            yield from losing.measure(folder / "clusters")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_containers(bed: Bed, folder: Path, megabytes: int) -> Iterator[Measurement]:
    folder.mkdir()
    with prepared_production(bed, folder) as production:
        production.project.up("postgres", "redis", "s3")
        production.task("migrate")
        production.task("seed")
        yield from measure(production, megabytes)


def measure(production: Production, megabytes: int) -> Iterator[Measurement]:
    began = time.monotonic()
    fill(production, megabytes)
    seconds = time.monotonic() - began
    size = int(production.sql("SELECT pg_database_size('menuvo')"))
    orders = int(production.sql("SELECT count(*) FROM orders"))
    yield Measurement("database", size / MB, "MB", "higher")
    yield Measurement("orders in it", orders, "", "higher")
    yield Measurement("filling it", seconds, "s", "lower")
    dumps, dump_bytes = backing_up.measure(production)
    yield Measurement("dump", dump_bytes / MB, "MB", "lower")
    yield from dumps
    yield from crowding.measure(production)
    yield from restoring.measure(production, database_bytes=size, dump_bytes=dump_bytes)
