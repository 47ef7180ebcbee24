"""A dump and a base backup, by hand and at once, in the very container that streams the log."""

from tests.bench.harness import Measurement
from tests.bench.measuring.memory import watched
from tests.system.production.stack import Production

MEBIBYTE = 1024 * 1024
_SERVICE = "postgres-backup"
_PATIENCE_SECONDS = 1800
# Says how each of them ended; the kernel kills what is too much for the container.
_BOTH = "menuvo-backup base >&2 & base=$!; menuvo-backup now >&2; now=$?; wait $base; echo $? $now"
# Five segments, for the archiver to pack meanwhile.
_MUCH_LOG = (
    "SELECT count(pg_logical_emit_message(false, 'bench', repeat(md5(random()::text), 32768))) "
    "FROM generate_series(1, 80)"
)


def measure(production: Production) -> list[Measurement]:
    production.project.up(_SERVICE)
    production.until(lambda: _has_a_base(production), _PATIENCE_SECONDS)
    name = production.project.inspect(_SERVICE)["Name"].lstrip("/")
    with watched(production.project.engine, name) as peak:
        production.sql(_MUCH_LOG)
        codes = production.project.execute(_SERVICE, "sh", "-c", _BOTH).split()
    production.compose("stop", _SERVICE)
    # What it keeps would fill the disk of a server that nobody archives any more.
    production.sql("SELECT pg_drop_replication_slot('menuvo_backup')")
    return [
        Measurement(
            "anonymous memory of dump, base backup and archiver in one container",
            peak.anonymous / MEBIBYTE,
            "MiB",
            "lower",
        ),
        Measurement("of dump and base backup, failed", 2 - codes.count("0"), "", "lower", 0),
    ]


def _has_a_base(production: Production) -> bool:
    return '"event":"base_done"' in production.project.logs(_SERVICE)
