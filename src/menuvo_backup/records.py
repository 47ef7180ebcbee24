"""What is remembered of each run: one small file beside its dump, and the same in the bucket."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from menuvo_backup.contents import Contents

RECORD = "record.json"
MANIFEST = "manifest.json"
DUMP = "database.dump"
GLOBALS = "globals.sql"
OBJECTS = "objects.jsonl.gz"
Source: TypeAlias = Literal["here", "bucket"]
_ID = "%Y%m%dT%H%M%SZ"


class Sealed(msgspec.Struct, frozen=True):
    """What lies in the bucket of a file that was sealed, and for whom."""

    bytes: int
    sha256: str
    recipients: list[str]


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file of a backup. `uploaded` is where it lies in the bucket: as it is, or `sealed`."""

    bytes: int
    sha256: str
    uploaded: str | None = None
    sealed: Sealed | None = None


class Verified(msgspec.Struct, frozen=True, omit_defaults=True):
    """That the dump was restored, and had what the record says. `unopened` says of which the key
    was not here: that what is sealed in the bucket is what was sent, and the copy here restored."""

    at: datetime
    source: Source
    fetch_seconds: float
    restore_seconds: float
    rows: int
    unopened: bool = False


class Doubt(msgspec.Struct, frozen=True):
    """Why the last try to verify it failed."""

    at: datetime
    cause: str
    hint: str


class Copied(msgspec.Struct, frozen=True):
    """What went to the second bucket this time; `left` is for the next one. `cause` is empty where
    nothing failed."""

    at: datetime
    count: int
    bytes: int
    left: int = 0
    cause: str = ""
    hint: str = ""


class Objects(msgspec.Struct, frozen=True, omit_defaults=True):
    """The platform's pictures and files when the dump was made. Where they could not be listed
    there is no `list`, and `cause` says why."""

    count: int = 0
    bytes: int = 0
    list: Content | None = None
    copied: Copied | None = None
    cause: str = ""
    hint: str = ""


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """`id` is when the run began, in UTC. Without a dump there is nothing to restore. One that
    was `refuted` has a dump that cannot be."""

    id: str
    outcome: Literal["running", "good", "failed"]
    ended: datetime | None = None
    seconds: float = 0.0
    server_version: str = ""
    dump: Content | None = None
    globals: Content | None = None
    contents: Contents | None = None
    objects: Objects | None = None
    uploaded: bool = False
    verified: Verified | None = None
    doubt: Doubt | None = None
    refuted: bool = False
    cause: str = ""
    hint: str = ""

    @property
    def began(self) -> datetime:
        return datetime.strptime(self.id, _ID).replace(tzinfo=UTC)

    @property
    def recipients(self) -> list[str]:
        """Whose identity opens it in the bucket; nobody's, where it is not sealed."""
        return self.dump.sealed.recipients if self.dump and self.dump.sealed else []

    @property
    def only_here(self) -> bool:
        """A whole dump that did not reach the bucket it was meant for."""
        failed = self.outcome == "failed" and not self.refuted
        return failed and self.dump is not None and not self.uploaded

    @property
    def verification_tried(self) -> datetime | None:
        if self.doubt is not None:
            return self.doubt.at
        return self.verified.at if self.verified is not None else None

    @property
    def awaits_verification(self) -> bool:
        return self.outcome == "good" and self.dump is not None and self.verified is None


def id_of(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_ID)


def is_id(text: str) -> bool:
    try:
        return id_of(datetime.strptime(text, _ID).replace(tzinfo=UTC)) == text
    except ValueError:
        return False


def read_record(folder: Path) -> Record | None:
    """None when there is none, or only what a broken disk left of it."""
    try:
        return msgspec.json.decode((folder / RECORD).read_bytes(), type=Record)
    except (OSError, msgspec.DecodeError):
        return None


def encode(record: Record) -> bytes:
    return msgspec.json.format(msgspec.json.encode(record)) + b"\n"
