"""The figures of backups: dumped, uploaded, verified and restored, beside PostgreSQL's own programs
within the same limits; what is lost with the server, and when it takes orders again."""

import shutil
import tempfile
import time
from pathlib import Path

from tests.bench.harness import Measurement
from tests.bench.measuring import backing_up, crowding, losing, rebuilding, restoring
from tests.system.bed.bed import Bed, running_bed
from tests.system.production.restaurants import fill
from tests.system.production.stack import Production, prepared_production

MEGABYTES = 2000
MB = 1_000_000


def run(megabytes: int = MEGABYTES) -> list[Measurement]:
    folder = Path(tempfile.mkdtemp(prefix="menuvo-bench-"))
    try:
        with running_bed(lambda _: None) as bed:
            return [
                *_in_containers(bed, folder / "production", megabytes),
                *rebuilding.measure(bed, folder / "lost", megabytes),
                *losing.measure(folder / "clusters"),
            ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_containers(bed: Bed, folder: Path, megabytes: int) -> list[Measurement]:
    folder.mkdir()
    with prepared_production(bed, folder) as production:
        production.project.up("postgres", "redis", "s3")
        production.task("migrate")
        production.task("seed")
        return measure(production, megabytes)


def measure(production: Production, megabytes: int) -> list[Measurement]:
    began = time.monotonic()
    fill(production, megabytes)
    seconds = time.monotonic() - began
    size = int(production.sql("SELECT pg_database_size('menuvo')"))
    orders = int(production.sql("SELECT count(*) FROM orders"))
    dumps, dump_bytes = backing_up.measure(production)
    return [
        Measurement("database", size / MB, "MB", "higher"),
        Measurement("orders in it", orders, "", "higher"),
        Measurement("filling it", seconds, "s", "lower"),
        Measurement("dump", dump_bytes / MB, "MB", "lower"),
        *dumps,
        *crowding.measure(production),
        *restoring.measure(production, database_bytes=size, dump_bytes=dump_bytes),
    ]
