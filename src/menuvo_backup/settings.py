"""The service's settings: read once, typed, all mistakes of the environment told together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from menuvo_backup.errors import SettingsError
from menuvo_backup.schedule import Schedule

# As `menuvo env check` reads them, which a meta test holds.
_ENDPOINT = r"|https?://[^\s/?#@]+/?"
_BUCKET = r"|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_FOLDER = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
# Bech32's letters and digits. Whether its checksum is right is asked of age, at the start of a run.
_BECH32 = "[ac-hj-np-z02-9]{58}"
_RECIPIENT = f"age1{_BECH32}"
_IDENTITY = f"AGE-SECRET-KEY-1{_BECH32.upper()}"

DEFAULT_FOLDER = "/var/lib/menuvo/backups"


@dataclass(frozen=True, slots=True)
class Variable:
    """One name of the environment, as the reference describes it."""

    name: str
    help: str
    default: str | None = None
    secret: bool = False


VARIABLES: tuple[Variable, ...] = (
    Variable("DATABASE_URL", "The owner's connection, as a plain libpq URL", secret=True),
    Variable("BACKUP_CRON", "When, as five fields of cron in the time zone", "30 3 * * *"),
    Variable("TZ", "The operator's time zone; TIME_ZONE beats it", "UTC"),
    Variable("BACKUP_KEEP_DAYS", "How long copies stay on this disk", "7"),
    Variable("BACKUP_VERIFY", "Whether a backup counts only once it was restored", "false"),
    Variable("BACKUP_WAL", "Whether the log is archived: auto, on or off", "auto"),
    Variable("BACKUP_BASE_CRON", "When a base backup is made, as BACKUP_CRON", "30 4 * * 0"),
    Variable("BACKUP_WINDOW_DAYS", "How far back a moment must be recoverable", "14"),
    Variable("BACKUP_DIR", "Where they stay", DEFAULT_FOLDER),
    Variable("BACKUP_S3_ENDPOINT", "Where S3 is, without a bucket: https://host", ""),
    Variable("BACKUP_S3_REGION", "Region of the bucket; `auto` for R2", "auto"),
    Variable("BACKUP_S3_BUCKET", "The bucket; without one, copies are kept on this disk only", ""),
    Variable("BACKUP_S3_PREFIX", "The folder in the bucket", "menuvo"),
    Variable("BACKUP_S3_ACCESS_KEY_ID", "Key that writes and reads there", "", secret=True),
    Variable("BACKUP_S3_SECRET_ACCESS_KEY", "The secret of that key", "", secret=True),
    Variable("BACKUP_AGE_RECIPIENT", "For whom it is sealed: age1...; none is off", ""),
    Variable("BACKUP_AGE_IDENTITY", "Opens what was sealed: AGE-SECRET-KEY-1...", "", secret=True),
    Variable("STORAGE_DIR", "The platform's folder of pictures and files, in the place of S3", ""),
    Variable("S3_ENDPOINT", "Where the platform's buckets are: https://host", ""),
    Variable("S3_REGION", "Their region", "auto"),
    Variable("S3_BUCKET", "The platform's bucket of pictures, listed with each backup", ""),
    Variable("S3_FILES_BUCKET", "The platform's bucket of files, listed with each backup", ""),
    Variable("S3_ACCESS_KEY_ID", "Key that reads both", "", secret=True),
    Variable("S3_SECRET_ACCESS_KEY", "The secret of that key", "", secret=True),
    Variable("BACKUP_OBJECTS_S3_ENDPOINT", "Where copies of both go: https://host", ""),
    Variable("BACKUP_OBJECTS_S3_REGION", "Its region", "auto"),
    Variable("BACKUP_OBJECTS_S3_BUCKET", "The bucket for copies; without one, none are made", ""),
    Variable("BACKUP_OBJECTS_S3_ACCESS_KEY_ID", "Key that writes and reads there", "", secret=True),
    Variable("BACKUP_OBJECTS_S3_SECRET_ACCESS_KEY", "The secret of it", "", secret=True),
    Variable("BACKUP_MONITOR_URL", "Where Gatus is, which is told how backups are doing", ""),
    Variable("BACKUP_MONITOR_TOKEN", "Proves to it that we speak", "", secret=True),
)


class Redacted(str):
    """A secret: usable as text, printed as [REDACTED] wherever somebody logs it by accident."""

    __slots__: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "[REDACTED]"


@dataclass(frozen=True, slots=True)
class BucketSettings:
    endpoint: str
    region: str
    bucket: str
    prefix: str
    access_key_id: Redacted
    secret_access_key: Redacted


@dataclass(frozen=True, slots=True)
class Keys:
    """`recipients` (age1...) seal, and without any nothing is sealed. `identity`
    (AGE-SECRET-KEY-1..., or several, a line each) opens; it is empty where it is kept elsewhere."""

    recipients: tuple[str, ...]
    identity: Redacted


@dataclass(frozen=True, slots=True)
class ObjectsSettings:
    """The platform's folder, or its buckets by what is in them; `copy` is None where copies are
    not wanted."""

    folder: Path | None
    buckets: Mapping[str, BucketSettings]
    copy: BucketSettings | None


@dataclass(frozen=True, slots=True)
class MonitorSettings:
    url: str
    token: Redacted


@dataclass(frozen=True, slots=True)
class Watch:
    """What `healthy` and `list` need: no secrets."""

    folder: Path
    schedule: Schedule
    verifies: bool
    archives: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """`bucket` is None where backups stay on this disk, `monitor` where nobody is told, `objects`
    where pictures and files are not ours to list. `verifies` says that somebody runs
    `menuvo-backup verify` after each backup, so that its absence is a failure. `archives` says that
    the log is archived, so that any moment of the last `window_days` can be recovered."""

    database_url: Redacted
    folder: Path
    keep_days: int
    schedule: Schedule
    verifies: bool
    archives: bool
    base_schedule: Schedule
    window_days: int
    bucket: BucketSettings | None
    keys: Keys
    monitor: MonitorSettings | None
    objects: ObjectsSettings | None

    @property
    def watch(self) -> Watch:
        return Watch(self.folder, self.schedule, self.verifies, self.archives)


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment: Mapping[str, str] = environment
        self._variables: dict[str, Variable] = {variable.name: variable for variable in VARIABLES}
        self.problems: list[str] = []

    def text(self, name: str, pattern: str = r".*", expectation: str = "") -> str:
        variable = self._variables[name]
        value = self._value(variable)
        if value is None:
            self.problems.append(f"{name} is missing: {variable.help}.")
            return ""
        if not re.fullmatch(pattern, value, re.DOTALL):
            shown = "its value" if variable.secret else f"'{value}'"
            self.problems.append(f"{name}: {shown} is not {expectation}.")
        return value

    def secret(self, name: str, pattern: str, expectation: str) -> Redacted:
        return Redacted(self.text(name, pattern, expectation))

    def named(self, *names: str) -> str:
        """The first of these names that the environment has, and else the last."""
        return next((name for name in names if self._environment.get(name)), names[-1])

    def zone(self) -> ZoneInfo:
        name = self._environment.get("TIME_ZONE") or self.text("TZ")
        try:
            return ZoneInfo(name)
        except (OSError, ValueError, ZoneInfoNotFoundError):
            self.problems.append(f"{self.named('TIME_ZONE', 'TZ')}: '{name}' is no time zone.")
            return ZoneInfo("UTC")

    def schedule(self, name: str, zone: ZoneInfo) -> Schedule:
        cron = self.text(name, r"\s*(\S+\s+){4}\S+\s*", "five fields such as `30 3 * * *`")
        schedule = Schedule(cron=cron, zone=zone)
        if len(cron.split()) == 5:
            try:
                _ = CronSim(cron, schedule.epoch)
            except CronSimError as error:
                self.problems.append(f"{name}: '{cron}': {error}.")
        return schedule

    def archives(self) -> bool:
        """By itself where there is a bucket to archive to."""
        chosen = self.text("BACKUP_WAL", r"auto|on|off", "auto, on or off")
        has_bucket = bool(self._value(self._variables["BACKUP_S3_BUCKET"]))
        if chosen == "on" and not has_bucket:
            self.problems.append("BACKUP_WAL: on needs a bucket, and BACKUP_S3_BUCKET names none.")
        return chosen == "on" or (chosen == "auto" and has_bucket)

    def days(self, name: str) -> int:
        days = self.text(name, r"[1-9][0-9]{0,2}", "a number of days from 1 to 999")
        return int(days) if days.isdecimal() else 1

    def folder(self) -> Path:
        return Path(self.text("BACKUP_DIR", r"/.*", "an absolute path"))

    def verifies(self) -> bool:
        return self.text("BACKUP_VERIFY", r"true|false", "true or false") == "true"

    def _value(self, variable: Variable) -> str | None:
        """An empty file is what a secret without a value becomes, so it counts as none."""
        path = self._environment.get(f"{variable.name}_FILE") if variable.secret else None
        if path:
            try:
                found = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                self.problems.append(f"{variable.name}_FILE: cannot read {path}: {error.strerror}.")
                return ""
            if found:
                return found
        return self._environment.get(variable.name) or variable.default


def read_settings(environment: Mapping[str, str], *, asks_database: bool = True) -> Settings:
    """Raises SettingsError with one sentence for every mistake. Who does not ask the database needs
    no way to it."""
    read = _Reader(environment)
    zone = read.zone()
    settings = Settings(
        database_url=_database_url(read) if asks_database else Redacted(""),
        folder=read.folder(),
        keep_days=read.days("BACKUP_KEEP_DAYS"),
        schedule=read.schedule("BACKUP_CRON", zone),
        verifies=read.verifies(),
        archives=read.archives(),
        base_schedule=read.schedule("BACKUP_BASE_CRON", zone),
        window_days=read.days("BACKUP_WINDOW_DAYS"),
        bucket=_bucket(read),
        keys=_keys(read),
        monitor=_monitor(read),
        objects=_objects(read),
    )
    _complain(read)
    return settings


def read_watch(environment: Mapping[str, str]) -> Watch:
    read = _Reader(environment)
    schedule = read.schedule("BACKUP_CRON", read.zone())
    watch = Watch(read.folder(), schedule, read.verifies(), read.archives())
    _complain(read)
    return watch


def _complain(read: _Reader) -> None:
    if read.problems:
        raise SettingsError(read.problems)


def _database_url(read: _Reader) -> Redacted:
    return read.secret("DATABASE_URL", r"|postgres(ql)?://\S+", "a postgresql:// URL")


def _bucket(read: _Reader) -> BucketSettings | None:
    """All of it or nothing: half a bucket is a backup that somebody believes in."""
    prefix = read.text(
        "BACKUP_S3_PREFIX", rf"{_FOLDER}(/{_FOLDER})*/?", "a folder such as `menuvo`"
    )
    return _at(read, "BACKUP_S3_", prefix=prefix.rstrip("/"))


def _objects(read: _Reader) -> ObjectsSettings | None:
    folder = read.text("STORAGE_DIR", r"|/.*", "an absolute path")
    pictures, files = _at(read, "S3_"), _at(read, "S3_", bucket="FILES_BUCKET")
    copy = _at(read, "BACKUP_OBJECTS_S3_")
    if folder or (pictures and files):
        buckets = {"pictures": pictures, "files": files}
        return ObjectsSettings(
            folder=Path(folder) if folder else None,
            buckets={name: bucket for name, bucket in buckets.items() if bucket is not None},
            copy=copy,
        )
    if copy is not None:
        read.problems.append(
            "BACKUP_OBJECTS_S3_BUCKET: there is nothing to copy without the platform's S3_BUCKET "
            "and S3_FILES_BUCKET, or STORAGE_DIR."
        )
    return None


def _at(
    read: _Reader, names: str, *, bucket: str = "BUCKET", prefix: str = ""
) -> BucketSettings | None:
    """The bucket whose names begin so."""
    found = BucketSettings(
        endpoint=read.text(f"{names}ENDPOINT", _ENDPOINT, "https://host"),
        region=read.text(f"{names}REGION", r"[a-z0-9-]+", "a region such as `auto`"),
        bucket=read.text(f"{names}{bucket}", _BUCKET, "the name of a bucket"),
        prefix=prefix,
        access_key_id=read.secret(f"{names}ACCESS_KEY_ID", r"|\S{3,}", "a key in one word"),
        secret_access_key=read.secret(f"{names}SECRET_ACCESS_KEY", r"|\S{3,}", "a key in one word"),
    )
    needed = {
        f"{names}ENDPOINT": found.endpoint,
        f"{names}{bucket}": found.bucket,
        f"{names}ACCESS_KEY_ID": found.access_key_id,
        f"{names}SECRET_ACCESS_KEY": found.secret_access_key,
    }
    return found if _is_set(read, "a bucket needs all four", needed) else None


def _monitor(read: _Reader) -> MonitorSettings | None:
    monitor = MonitorSettings(
        url=read.text("BACKUP_MONITOR_URL", _ENDPOINT, "https://host").rstrip("/"),
        token=read.secret("BACKUP_MONITOR_TOKEN", r"|[A-Za-z0-9_-]+", "one word of a header"),
    )
    needed = {"BACKUP_MONITOR_URL": monitor.url, "BACKUP_MONITOR_TOKEN": monitor.token}
    return monitor if _is_set(read, "a monitor needs both", needed) else None


def _is_set(read: _Reader, wants: str, needed: Mapping[str, str]) -> bool:
    """All or nothing; half of it is a mistake."""
    missing = [name for name, value in needed.items() if not value]
    if len(missing) == len(needed):
        return False
    read.problems.extend(
        f"{name} is missing: {wants} of its settings, or none of them." for name in missing
    )
    return True


def _keys(read: _Reader) -> Keys:
    recipients = read.text(
        "BACKUP_AGE_RECIPIENT",
        rf"|{_RECIPIENT}([ ,]+{_RECIPIENT})*",
        "age1... with 58 letters and digits, or several of them with spaces between",
    )
    identity = read.text(
        "BACKUP_AGE_IDENTITY",
        rf"|{_IDENTITY}([ ,]+{_IDENTITY})*",
        "AGE-SECRET-KEY-1... with 58 letters and digits, or several of them with spaces between",
    )
    return Keys(_words(recipients), Redacted("\n".join(_words(identity))))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())
