"""What the service remembers of each backup, as `menuvo-backup list --json` prints it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TypedDict, cast

from menuvo_ops.errors import Usage

LATEST = "latest"
# A night, and two hours for whatever delays it. The backup service complains of the same.
STALE_HOURS = 26
_ID = "%Y%m%dT%H%M%SZ"


class _Sealed(TypedDict, total=False):
    recipients: Sequence[str]


class _Content(TypedDict, total=False):
    bytes: int
    sealed: "_Sealed | None"


class _Database(TypedDict, total=False):
    bytes: int


class _Contents(TypedDict, total=False):
    rows: Mapping[str, int]
    schema_head: "str | None"
    database: _Database


class _Verified(TypedDict, total=False):
    at: str
    source: str
    fetch_seconds: float
    restore_seconds: float
    unopened: bool


class _Doubt(TypedDict, total=False):
    cause: str
    hint: str


class _Written(TypedDict, total=False):
    id: str
    outcome: str
    ended: "str | None"
    seconds: float
    dump: "_Content | None"
    contents: "_Contents | None"
    uploaded: bool
    here: bool
    verified: "_Verified | None"
    doubt: "_Doubt | None"
    refuted: bool
    cause: str
    hint: str


@dataclass(frozen=True)
class Verified:
    """`unopened` is of one that is sealed, by a server without the key: the copy there was
    restored, and what is in the bucket only compared with what was sent. `source` is where the dump
    was taken from: `bucket`, or `here`."""

    at: str
    fetch_seconds: float
    restore_seconds: float
    unopened: bool = False
    source: str = ""


@dataclass(frozen=True)
class Backup:
    """`size` is None without a dump: there is nothing to restore then. What is `here` is restored
    from the server's own disk, where nothing is sealed."""

    id: str
    outcome: str
    size: "int | None" = None
    rows: int = 0
    schema_head: str = ""
    database_bytes: int = 0
    uploaded: bool = False
    # A service from before it said so is believed to have it.
    here: bool = True
    sealed: bool = False
    # Whose identities open it, each as age1...
    recipients: "tuple[str, ...]" = ()
    verified: "Verified | None" = None
    refuted: bool = False
    # Why it failed, or why its last verification did.
    complaint: str = ""

    @property
    def can_be_restored(self) -> bool:
        return self.size is not None and not self.refuted and self.outcome != "running"

    @property
    def awaits_verification(self) -> bool:
        return self.outcome == "good" and self.can_be_restored and self.verified is None

    @property
    def says_what_was_in_it(self) -> bool:
        return self.database_bytes > 0

    @property
    def began(self) -> datetime:
        return datetime.strptime(self.id, _ID).replace(tzinfo=timezone.utc)  # noqa: UP017

    @property
    def when(self) -> str:
        return f"{self.began:%Y-%m-%d %H:%M} UTC"


def parse(listed: str) -> list[Backup]:
    """The newest first."""
    return [_backup(one) for one in cast("list[_Written]", json.loads(listed))]


def find(backups: Sequence[Backup], name: "str | None") -> Backup:
    """By its id, or the newest that has a dump. Raises Usage."""
    for one in backups:
        if name == one.id or (name in {None, LATEST} and one.can_be_restored):
            return one
    told = "There is no backup yet." if name in {None, LATEST} else f"There is no backup {name}."
    raise Usage(told, hint="See what there is: menuvo backup list. Make one: menuvo backup now")


def raw(listed: str, wanted: str) -> str:
    """Everything that the service remembers of one, as JSON."""
    records = cast("list[_Written]", json.loads(listed))
    return json.dumps(next(one for one in records if one.get("id") == wanted))


def _backup(one: _Written) -> Backup:
    dump, contents, verified = one.get("dump"), one.get("contents"), one.get("verified")
    doubt, sealed = one.get("doubt"), dump.get("sealed") if dump else None
    complaint = f"{one.get('cause', '')} {one.get('hint', '')}".strip()
    if not complaint and doubt:
        complaint = f"{doubt.get('cause', '')} {doubt.get('hint', '')}".strip()
    return Backup(
        id=one.get("id", ""),
        outcome=one.get("outcome", ""),
        size=dump.get("bytes", 0) if dump else None,
        rows=sum(contents.get("rows", {}).values()) if contents else 0,
        schema_head=(contents.get("schema_head") or "") if contents else "",
        database_bytes=contents.get("database", {}).get("bytes", 0) if contents else 0,
        uploaded=one.get("uploaded", False),
        here=one.get("here", True),
        sealed=sealed is not None,
        recipients=tuple(sealed.get("recipients", ())) if sealed else (),
        verified=_verified(verified) if verified else None,
        refuted=one.get("refuted", False),
        complaint=complaint,
    )


def _verified(one: _Verified) -> Verified:
    return Verified(
        one.get("at", ""),
        one.get("fetch_seconds", 0.0),
        one.get("restore_seconds", 0.0),
        one.get("unopened", False),
        one.get("source", ""),
    )
