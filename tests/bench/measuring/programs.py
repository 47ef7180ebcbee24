"""The backup service and PostgreSQL's plain programs, in containers alike: of one image, within the
same limits, on the same disk."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from tests.bench.measuring.memory import Peak, watched
from tests.system.production.stack import Production

_FILE = "/var/lib/menuvo/backups/plain.dump"
_ONCE = ("run", "--rm", "--no-TTY", "--no-deps")
# The database is the last part of the owner's URL.
_TIMED = """
import os, pathlib, subprocess, sys, time
database, *argv = sys.argv[1:]
url = pathlib.Path(os.environ["DATABASE_URL_FILE"]).read_text().strip().rpartition("/")[0]
began = time.monotonic()
subprocess.run([*argv, f"--dbname={url}/{database}"], check=True)
print(time.monotonic() - began)
"""


@dataclass(frozen=True)
class Ran:
    """What the service said, by the names of its events, and the memory it took."""

    events: dict[str, dict[str, Any]]
    peak: Peak


def menuvo_backup(production: Production, service: str, *arguments: str) -> Ran:
    name = f"menuvo-bench-{secrets.token_hex(4)}"
    with watched(production.project.engine, name) as peak:
        argv = (f"--name={name}", service, "menuvo-backup", *arguments)
        said = production.compose(*_ONCE, *argv)
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return Ran({event["event"]: event for event in events}, peak)


def plain_dump(production: Production, service: str) -> float:
    """Seconds. Like ours it ends when its file is on the disk: pg_dump syncs by itself."""
    production.compose(*_ONCE, service, "rm", "-f", _FILE)
    return _seconds(production, service, "menuvo", "pg_dump", "--format=custom", f"--file={_FILE}")


def plain_restore(production: Production, service: str, database: str) -> float:
    """Seconds, of the last plain dump into an empty database."""
    return _seconds(production, service, database, "pg_restore", "--exit-on-error", _FILE)


def _seconds(production: Production, service: str, database: str, *argv: str) -> float:
    said = production.compose(*_ONCE, service, "python3", "-c", _TIMED, database, *argv)
    return float(said.split()[-1])
