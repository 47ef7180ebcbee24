"""The platform's settings: read once, typed, all mistakes of the environment told together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from menuvo_platform.errors import SettingsError

_BUCKET = r"|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
# It stands in a header and in `srcset`, where spaces, commas and semicolons have a meaning.
_PUBLIC_URL = r"|https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~-]+)*/?"


@dataclass(frozen=True, slots=True)
class Variable:
    """One name of the environment, as `.env.example` and the reference describe it."""

    name: str
    help: str
    default: str | None = None
    secret: bool = False


VARIABLES: tuple[Variable, ...] = (
    Variable("DATABASE_URL", "Where PostgreSQL is, as a plain libpq URL", secret=True),
    Variable("APP_DB_USER", "The login that `migrate` provides for the platform", "menuvo_app"),
    Variable("APP_DB_PASSWORD", "Password of that login, for `migrate`", "", secret=True),
    Variable("REDIS_URL", "Where Redis is", secret=True),
    Variable("AUTH_SECRET", "At least 32 random characters; signs form tokens", secret=True),
    Variable(
        "AUTH_SECRET_ALSO",
        "Secrets that are believed and do not sign, a line each, while AUTH_SECRET is rotated",
        "",
        secret=True,
    ),
    Variable(
        "PROBE_TOKEN", "Proves the probe of a deploy; without it nobody may probe", "", secret=True
    ),
    Variable("PUBLIC_URL", "The address people type; cookies are Secure when it is https"),
    Variable("STORAGE_DIR", "Folder for pictures and imported files, instead of S3", ""),
    Variable("S3_ENDPOINT", "Where S3 is, without a bucket: https://host", ""),
    Variable("S3_ACCESS_KEY_ID", "Key that reads and writes both buckets", "", secret=True),
    Variable("S3_SECRET_ACCESS_KEY", "The secret of that key", "", secret=True),
    Variable("S3_BUCKET", "Bucket of the menus' pictures, which everyone may read", ""),
    Variable("S3_FILES_BUCKET", "Bucket of originals and imported files, which nobody may", ""),
    Variable("S3_PUBLIC_URL", "Where browsers read S3_BUCKET; empty: below /media", ""),
    Variable("S3_REGION", "Region of both buckets; `auto` for R2", "auto"),
    Variable("MENUVO_RELEASE", "Name of the release, as X-Menuvo-Release shows it", "unknown"),
    Variable("MENUVO_INSTANCE", "Name of this process in logs", "platform"),
    Variable("HEARTBEAT_FILE", "File by which a worker shows that it lives; none when empty", ""),
    Variable("DRAIN_SECONDS", "How long a stopping instance goes on accepting requests", "3"),
    Variable("SENTRY_DSN", "Where errors are collected; nowhere when empty", "", secret=True),
    Variable("LOG_FORMAT", "`json` or `text`", "json"),
)


class Redacted(str):
    """A secret: usable as text, printed as [REDACTED] wherever somebody logs it by accident."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "[REDACTED]"


@dataclass(frozen=True, slots=True)
class S3Settings:
    """Two buckets at one endpoint; `public_url` is empty where the platform serves the pictures."""

    endpoint: str
    access_key_id: Redacted
    secret_access_key: Redacted
    bucket: str
    files_bucket: str
    public_url: str
    region: str

    @property
    def public_origin(self) -> str:
        """What a page must allow, to show pictures from there; empty like the address."""
        scheme, separator, rest = self.public_url.partition("://")
        return scheme + separator + rest.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Settings:
    database_url: Redacted
    app_db_user: str
    app_db_password: Redacted
    redis_url: Redacted
    auth_secret: Redacted
    auth_secret_also: tuple[Redacted, ...]
    probe_token: Redacted  # empty where nobody may probe
    public_url: str
    storage_dir: Path  # of no use beside s3
    s3: S3Settings | None
    release: str
    instance: str
    heartbeat_file: Path | None
    drain_seconds: float
    sentry_dsn: Redacted  # empty where nobody collects errors
    log_format: str

    @property
    def storage(self) -> Path | S3Settings:
        return self.s3 or self.storage_dir

    @property
    def believed_secrets(self) -> tuple[Redacted, ...]:
        """The one that signs, and those that others may have signed with."""
        return (self.auth_secret, *self.auth_secret_also)

    @property
    def cookies_secure(self) -> bool:
        return self.public_url.startswith("https://")


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment: Mapping[str, str] = environment
        self._variables: dict[str, Variable] = {variable.name: variable for variable in VARIABLES}
        self.problems: list[str] = []

    def text(self, name: str, pattern: str = r".*", expectation: str = "") -> str:
        variable = self._variables[name]
        value, problem = self._value(variable)
        if problem:
            self.problems.append(problem)
            return ""
        if not re.fullmatch(pattern, value, re.DOTALL):
            shown = "its value" if variable.secret else f"'{value}'"
            self.problems.append(f"{name}: {shown} is not {expectation}.")
        return value

    def given(self, name: str) -> bool:
        return bool(self._value(self._variables[name])[0])

    def secret(self, name: str, pattern: str = r".*", expectation: str = "") -> Redacted:
        return Redacted(self.text(name, pattern, expectation))

    def _value(self, variable: Variable) -> tuple[str, str]:
        """The value, or what is wrong with the place where it should be."""
        otherwise = self._environment.get(variable.name) or variable.default
        path = self._environment.get(f"{variable.name}_FILE") if variable.secret else None
        if path:
            try:
                content = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                return "", f"{variable.name}_FILE: cannot read {path}: {error.strerror}."
            if content:
                return content, ""
        # An empty file is what becomes of a secret without a value, so it counts as none.
        if otherwise is None:
            told = f"{variable.name} is missing: {variable.help}."
            return "", f"{variable.name}_FILE: {path} is empty." if path else told
        return otherwise, ""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises SettingsError with one sentence for every mistake."""
    read = _Reader(environment)
    public_url = read.text("PUBLIC_URL", r"https?://[^/]+/?", "http(s)://host").rstrip("/")
    settings = Settings(
        database_url=read.secret("DATABASE_URL", r"postgres(ql)?://.+", "a postgresql:// URL"),
        app_db_user=read.text("APP_DB_USER", r"[a-z_]{1,63}", "a name of small letters"),
        app_db_password=read.secret("APP_DB_PASSWORD"),
        redis_url=read.secret("REDIS_URL", r"(rediss?|unix)://.+", "a redis:// URL"),
        auth_secret=read.secret("AUTH_SECRET", r".{32,}", "at least 32 characters long"),
        auth_secret_also=_lines(
            read.secret(
                "AUTH_SECRET_ALSO",
                r"|[^\n]{32,}(?:\n[^\n]{32,})*",
                "lines of at least 32 characters each",
            )
        ),
        probe_token=read.secret("PROBE_TOKEN", r"|.{32,}", "at least 32 characters long"),
        public_url=public_url,
        storage_dir=Path(read.text("STORAGE_DIR", r"|/.*", "an absolute path")),
        s3=_read_s3(read, public_url),
        release=read.text("MENUVO_RELEASE", r"[\w.+-]{1,64}", "a short name without spaces"),
        instance=read.text("MENUVO_INSTANCE", r"[\w.-]{1,64}", "a short name without spaces"),
        heartbeat_file=_path(read, "HEARTBEAT_FILE"),
        drain_seconds=_number(read, "DRAIN_SECONDS"),
        sentry_dsn=read.secret("SENTRY_DSN", r"|https?://[^\s/@]+@[^\s/]+/\S*\d", "a DSN"),
        log_format=read.text("LOG_FORMAT", r"json|text", "`json` or `text`"),
    )
    if read.problems:
        raise SettingsError(read.problems)
    return settings


def _lines(secrets: Redacted) -> tuple[Redacted, ...]:
    return tuple(map(Redacted, filter(None, secrets.split("\n"))))


def _path(read: _Reader, name: str) -> Path | None:
    value = read.text(name, r"(/.*)?", "an absolute path")
    return Path(value) if value else None


def _read_s3(read: _Reader, site: str) -> S3Settings | None:
    """None beside a folder: with both, half of the pictures would lie where nobody looks."""
    folder = read.given("STORAGE_DIR")
    s3 = S3Settings(
        endpoint=read.text("S3_ENDPOINT", r"|https?://[^/\s]+/?", "https://host").rstrip("/"),
        access_key_id=read.secret("S3_ACCESS_KEY_ID", r"\S*", "a key in one word"),
        secret_access_key=read.secret("S3_SECRET_ACCESS_KEY", r"\S*", "a key in one word"),
        bucket=read.text("S3_BUCKET", _BUCKET, "the name of a bucket"),
        files_bucket=read.text("S3_FILES_BUCKET", _BUCKET, "the name of a bucket"),
        public_url=read.text("S3_PUBLIC_URL", _PUBLIC_URL, "https://host").rstrip("/"),
        region=read.text("S3_REGION", r"[a-z0-9-]+", "a region such as `auto`"),
    )
    needed = {
        "S3_ENDPOINT": s3.endpoint,
        "S3_ACCESS_KEY_ID": s3.access_key_id,
        "S3_SECRET_ACCESS_KEY": s3.secret_access_key,
        "S3_BUCKET": s3.bucket,
        "S3_FILES_BUCKET": s3.files_bucket,
    }
    missing = [name for name, value in needed.items() if not value]
    wanted = len(missing) < len(needed) or s3.public_url
    if not wanted and not folder:
        read.problems.append(
            "Where pictures and files are kept is missing: "
            f"STORAGE_DIR, or all of {', '.join(needed)}."
        )
    elif wanted and missing:
        read.problems.append(f"S3 is set by half; missing: {', '.join(missing)}.")
    elif wanted and folder:
        read.problems.append("STORAGE_DIR and S3 are both set: pictures can lie in one place only.")
    elif wanted and s3.bucket == s3.files_bucket:
        read.problems.append(
            "S3_FILES_BUCKET is S3_BUCKET: everyone could read what is meant for nobody."
        )
    if site.startswith("https://") and s3.public_url.startswith("http://"):
        read.problems.append("S3_PUBLIC_URL must be https: browsers show nothing else on https.")
    return s3 if wanted else None


def _number(read: _Reader, name: str) -> float:
    value = read.text(name, r"\d{1,3}(\.\d+)?", "a number of seconds")
    try:
        return float(value)
    except ValueError:
        return 0.0
