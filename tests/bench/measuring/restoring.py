"""What was dumped, restored: for trial as each night, and in the live database's place, beside
plain `pg_restore` into an empty database."""

from tests.bench.harness import Measurement
from tests.bench.measuring.programs import menuvo_backup, plain_restore
from tests.system.production.stack import Production

MB = 1_000_000
_EMPTY = "empty"


def measure(production: Production, *, database_bytes: int, dump_bytes: int) -> list[Measurement]:
    verified = menuvo_backup(production, "backup-verify", "verify").events["backup_verified"]
    production.sql(f"CREATE DATABASE {_EMPTY} TEMPLATE template0")
    plain = plain_restore(production, "backup-restore", _EMPTY)
    production.sql(f"DROP DATABASE {_EMPTY}")
    restored = menuvo_backup(production, "backup-restore", "restore", "latest").events
    loading, whole = restored["restore_loaded"]["seconds"], restored["restore_done"]["seconds"]

    def of_both(what: str, seconds: float) -> list[Measurement]:
        return [
            Measurement(
                f"{what}, of the database", database_bytes / MB / seconds, "MB/s", "higher"
            ),
            Measurement(f"{what}, of the dump", dump_bytes / MB / seconds, "MB/s", "higher"),
        ]

    trial = verified["restore_seconds"]
    return [
        Measurement("verification: fetching", verified["fetch_seconds"], "s", "lower"),
        Measurement("verification: restoring and comparing", trial, "s", "lower"),
        *of_both("verification", trial),
        Measurement("plain pg_restore", plain, "s", "lower"),
        *of_both("plain pg_restore", plain),
        Measurement("restore: pg_restore of it, two at a time", loading, "s", "lower"),
        Measurement("restore: until it has switched", whole, "s", "lower"),
        *of_both("restore", whole),
    ]
