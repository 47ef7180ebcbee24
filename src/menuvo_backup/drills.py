"""How the last drill went, as whoever held it has told us: `menuvo drill` runs on the host.

It restores the bucket's newest backup for trial, once a week where its timer is installed.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from menuvo_backup.catalog import Catalog
from menuvo_backup.complaints import Complaint

Outcome: TypeAlias = Literal["good", "failed"]

# A week, and two nights in which it could not be tried; as `menuvo status` has it.
OVERDUE = timedelta(days=9)
_FILE = "drill.json"


class LastDrill(msgspec.Struct, frozen=True):
    at: datetime
    outcome: Outcome


def remember_drill(folder: Path, outcome: Outcome, now: datetime) -> None:
    fresh = folder / f"{_FILE}.new"
    _ = fresh.write_bytes(msgspec.json.encode(LastDrill(now, outcome)))
    _ = fresh.rename(folder / _FILE)


def find_complaints_of_drills(folder: Path, now: datetime) -> list[Complaint]:
    """None before nine days have passed in which there could have been one."""
    last = _read(folder)
    if last is not None and last.outcome == "failed":
        return [Complaint("The last drill failed", "menuvo drill says why, and tries again.")]
    since = last.at if last is not None else Catalog(folder).since()
    if since is None or now - since < OVERDUE:
        return []
    told = f"there was none since {since:%Y-%m-%d}. Run: menuvo drill."
    return [Complaint("A drill is missing", told)]


def _read(folder: Path) -> LastDrill | None:
    try:
        return msgspec.json.decode((folder / _FILE).read_bytes(), type=LastDrill)
    except (OSError, msgspec.DecodeError):
        return None
