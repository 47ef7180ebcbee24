"""The backups on this disk: one folder each, named by its id.

A folder is `ID.partial` while its run lasts, and gets its name in one step when it is whole. One
that is found without a run belongs to a run that was killed.
"""

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from menuvo_backup import log
from menuvo_backup.errors import Abandoned, BackupError, Busy
from menuvo_backup.records import DUMP, RECORD, Record, encode, id_of, is_id, read_record
from menuvo_backup.retention import expired
from menuvo_backup.scratch import clear_scratch

_PARTIAL = ".partial"
_SINCE = "since"
_VERIFYING_SINCE = "verifying-since"
_LOCK = "lock"
_GOES_ON = "It begins again at the next start, or at once with: menuvo-backup upload."


class Catalog:
    def __init__(self, folder: Path) -> None:
        self.folder: Path = folder

    def path(self, record: Record) -> Path:
        return self.folder / record.id

    def workplace(self, record: Record) -> Path:
        return self.folder / f"{record.id}{_PARTIAL}"

    def has_dump(self, record: Record) -> bool:
        """Whether it lies on this disk, where it is not sealed."""
        return (self.path(record) / DUMP).exists()

    def list_records(self) -> list[Record]:
        """All runs, the newest first; one that lasts is the first."""
        found = [
            record
            for folder in self.folder.iterdir()
            if folder.is_dir() and is_id(folder.name.removesuffix(_PARTIAL))
            if (record := read_record(folder)) is not None
        ]
        return sorted(found, key=lambda record: record.id, reverse=True)

    def find_last(self, now: datetime) -> Record | None:
        """The newest run. One in the future is from before the clock was put right."""
        return next((record for record in self.list_records() if record.began <= now), None)

    def get(self, record_id: str) -> Record:
        return next(record for record in self.list_records() if record.id == record_id)

    def find_last_good(self) -> Record | None:
        return next((record for record in self.list_records() if record.outcome == "good"), None)

    def since(self) -> datetime | None:
        """When the service first ran in this folder."""
        return _read_moment(self.folder / _SINCE)

    def verifying_since(self) -> datetime | None:
        """When verification was switched on here."""
        return _read_moment(self.folder / _VERIFYING_SINCE)

    def remember_since(self, now: datetime) -> datetime:
        return _remember_moment(self.folder / _SINCE, now)

    def remember_verifying(self, now: datetime, *, verifies: bool) -> None:
        if verifies:
            _ = _remember_moment(self.folder / _VERIFYING_SINCE, now)
        else:
            (self.folder / _VERIFYING_SINCE).unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Generator[None]:
        """One run at a time, held by the process and so never left behind. Raises Busy."""
        with (self.folder / _LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy(
                    "Another backup is running.", hint="Wait for its end: menuvo-backup list."
                ) from error
            self.settle()
            yield

    def settle(self) -> None:
        """Say of runs that were killed that they were. Call it while holding the lock."""
        clear_scratch(self.folder)
        for place in list(self.folder.glob(f"*{_PARTIAL}")):
            record = read_record(place)
            if record is None or record.outcome != "running":
                # The end of one was cut short: of a removal, or of saying that it failed.
                shutil.rmtree(place)
                continue
            killed = Abandoned(
                "The run was killed before it was done.",
                hint="If the server was not switched off: was there enough memory?",
            )
            log.error("backup_failed", id=record.id, cause=killed.cause, hint=killed.hint)
            _ = self.fail(record, killed)
        for record in self.list_records():
            if record.outcome == "running":
                self.fail_upload(record, Abandoned("The upload was cut off.", hint=_GOES_ON))

    def begin(self) -> Record:
        now = datetime.now(UTC)
        while (self.folder / id_of(now)).exists():
            now += timedelta(seconds=1)
        record = Record(id=id_of(now), outcome="running")
        self.workplace(record).mkdir(mode=0o700)
        _write(self.workplace(record), record)
        return record

    def keep(self, record: Record) -> None:
        """Everything in the workplace is on the disk: give it its name."""
        _write(self.workplace(record), record)
        _ = self.workplace(record).rename(self.path(record))
        _sync(self.folder)

    def adopt(self, record: Record) -> None:
        """One whose files are elsewhere."""
        self.workplace(record).mkdir(mode=0o700)
        self.keep(record)

    def update(self, record: Record) -> None:
        _write(self.path(record), record)

    def fail_upload(self, record: Record, error: BackupError) -> None:
        """The dump is whole, and stays: it is one, though only here."""
        self.update(_failed(record, error))

    def fail(self, record: Record, error: BackupError) -> Record:
        """Nothing of the dump stays, only why there is none."""
        failed = msgspec.structs.replace(
            _failed(record, error), dump=None, globals=None, contents=None, objects=None
        )
        place = self.workplace(record)
        for file in place.iterdir():
            if file.name != RECORD:
                file.unlink()
        self.keep(failed)
        return failed

    def forget(self, record: Record) -> None:
        """As if the run had never begun."""
        shutil.rmtree(self.workplace(record), ignore_errors=True)

    def prune(self, keep_days: int, now: datetime) -> list[Record]:
        removed = expired(self.list_records(), keep_days=keep_days, now=now)
        for record in removed:
            # First the name, so that a removal that is cut short leaves no half a backup.
            doomed = self.workplace(record)
            with suppress(FileNotFoundError):
                _ = self.path(record).rename(doomed)
                shutil.rmtree(doomed)
        return removed


def _read_moment(file: Path) -> datetime | None:
    try:
        return datetime.fromisoformat(file.read_text())
    except (OSError, ValueError):
        return None


def _remember_moment(file: Path, now: datetime) -> datetime:
    """The first one that was remembered."""
    since = _read_moment(file)
    if since is None:
        _ = file.write_text(now.isoformat())
    return since or now


def _failed(record: Record, error: BackupError) -> Record:
    return msgspec.structs.replace(
        record,
        outcome="failed",
        uploaded=False,
        ended=datetime.now(UTC),
        cause=error.cause,
        hint=error.hint,
    )


def _write(folder: Path, record: Record) -> None:
    fresh = folder / f"{RECORD}.new"
    with fresh.open("wb") as file:
        _ = file.write(encode(record))
        file.flush()
        os.fsync(file.fileno())
    _ = fresh.rename(folder / RECORD)
    _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
