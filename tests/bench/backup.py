"""The figures of backups: dumped, uploaded, verified and restored, beside PostgreSQL's own programs
within the same limits."""

import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.harness import Measurement
from tests.bench.measuring import backing_up, restoring
from tests.restaurants.filling import scripts
from tests.system.bed.bed import running_bed
from tests.system.production.stack import Production, prepared_production

MEGABYTES = 2000
MB = 1_000_000
# PostgreSQL's container has two cores.
_AT_ONCE = 2


def run(megabytes: int = MEGABYTES) -> list[Measurement]:
    folder = Path(tempfile.mkdtemp(prefix="menuvo-bench-"))
    try:
        with running_bed(lambda _: None) as bed, prepared_production(bed, folder) as production:
            production.project.up("postgres", "redis", "s3")
            production.task("migrate")
            production.task("seed")
            return measure(production, megabytes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(production: Production, megabytes: int) -> list[Measurement]:
    seconds = fill(production, megabytes)
    size = int(production.sql("SELECT pg_database_size('menuvo')"))
    orders = int(production.sql("SELECT count(*) FROM orders"))
    dumps, dump_bytes = backing_up.measure(production)
    return [
        Measurement("database", size / MB, "MB", "higher"),
        Measurement("orders in it", orders, "", "higher"),
        Measurement("filling it", seconds, "s", "lower"),
        Measurement("dump", dump_bytes / MB, "MB", "lower"),
        *dumps,
        *restoring.measure(production, database_bytes=size, dump_bytes=dump_bytes),
    ]


def fill(production: Production, megabytes: int) -> float:
    """Returns the seconds. At its end nothing is left to be written by whoever reads first."""
    began = time.monotonic()
    today = datetime.now(UTC).date()
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        for _ in workers.map(production.sql, scripts(megabytes, today)):
            pass
    production.sql("VACUUM (ANALYZE)")
    production.sql("CHECKPOINT")
    return time.monotonic() - began
