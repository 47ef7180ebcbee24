"""The platform's settings: read once, typed, all mistakes of the environment told together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from menuvo_platform.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Variable:
    """One name of the environment, as `.env.example` and the reference describe it."""

    name: str
    help: str
    default: str | None = None
    secret: bool = False


VARIABLES: tuple[Variable, ...] = (
    Variable("DATABASE_URL", "Where PostgreSQL is, as a plain libpq URL", secret=True),
    Variable("APP_DB_PASSWORD", "Password of the role menuvo_app, for `migrate`", "", secret=True),
    Variable("REDIS_URL", "Where Redis is", secret=True),
    Variable("AUTH_SECRET", "At least 32 random characters; signs form tokens", secret=True),
    Variable("PUBLIC_URL", "The address people type; cookies are Secure when it is https"),
    Variable("STORAGE_DIR", "Folder for pictures and imported files while no S3 is configured"),
    Variable("MENUVO_RELEASE", "Name of the release, as X-Menuvo-Release shows it", "unknown"),
    Variable("MENUVO_INSTANCE", "Name of this process in logs", "platform"),
    Variable("HEARTBEAT_FILE", "File by which a worker shows that it lives; none when empty", ""),
    Variable("DRAIN_SECONDS", "How long a stopping instance goes on accepting requests", "3"),
    Variable("LOG_FORMAT", "`json` or `text`", "json"),
)


class Redacted(str):
    """A secret: usable as text, printed as [REDACTED] wherever somebody logs it by accident."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "[REDACTED]"


@dataclass(frozen=True, slots=True)
class Settings:
    database_url: Redacted
    app_db_password: Redacted
    redis_url: Redacted
    auth_secret: Redacted
    public_url: str
    storage_dir: Path
    release: str
    instance: str
    heartbeat_file: Path | None
    drain_seconds: float
    log_format: str

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
        value = self._value(variable)
        if value is None:
            self.problems.append(f"{name} is missing: {variable.help}.")
            return ""
        if not re.fullmatch(pattern, value, re.DOTALL):
            shown = "its value" if variable.secret else f"'{value}'"
            self.problems.append(f"{name}: {shown} is not {expectation}.")
        return value

    def secret(self, name: str, pattern: str = r".*", expectation: str = "") -> Redacted:
        return Redacted(self.text(name, pattern, expectation))

    def _value(self, variable: Variable) -> str | None:
        path = self._environment.get(f"{variable.name}_FILE") if variable.secret else None
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                self.problems.append(f"{variable.name}_FILE: cannot read {path}: {error.strerror}.")
                return ""
        return self._environment.get(variable.name) or variable.default


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises SettingsError with one sentence for every mistake."""
    read = _Reader(environment)
    settings = Settings(
        database_url=read.secret("DATABASE_URL", r"postgres(ql)?://.+", "a postgresql:// URL"),
        app_db_password=read.secret("APP_DB_PASSWORD"),
        redis_url=read.secret("REDIS_URL", r"(rediss?|unix)://.+", "a redis:// URL"),
        auth_secret=read.secret("AUTH_SECRET", r".{32,}", "at least 32 characters long"),
        public_url=read.text("PUBLIC_URL", r"https?://[^/]+/?", "http(s)://host").rstrip("/"),
        storage_dir=Path(read.text("STORAGE_DIR", r"/.*", "an absolute path")),
        release=read.text("MENUVO_RELEASE", r"[\w.+-]{1,64}", "a short name without spaces"),
        instance=read.text("MENUVO_INSTANCE", r"[\w.-]{1,64}", "a short name without spaces"),
        heartbeat_file=_path(read, "HEARTBEAT_FILE"),
        drain_seconds=_number(read, "DRAIN_SECONDS"),
        log_format=read.text("LOG_FORMAT", r"json|text", "`json` or `text`"),
    )
    if read.problems:
        raise SettingsError(read.problems)
    return settings


def _path(read: _Reader, name: str) -> Path | None:
    value = read.text(name, r"(/.*)?", "an absolute path")
    return Path(value) if value else None


def _number(read: _Reader, name: str) -> float:
    value = read.text(name, r"\d{1,3}(\.\d+)?", "a number of seconds")
    try:
        return float(value)
    except ValueError:
        return 0.0
