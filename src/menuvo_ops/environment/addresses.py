"""How the containers reach database and queue: the passwords in each format's quotes."""

from urllib.parse import quote

from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.values import Values, text
from menuvo_ops.environment.variables import LOGINS

_ESCAPED = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def database_url(values: Values) -> Redacted:
    return _database(app_login(values), text(values, "APP_DB_PASSWORD"))


def database_owner_url(values: Values) -> Redacted:
    return _database("menuvo", text(values, "DB_PASSWORD"))


def app_login(values: Values) -> str:
    """Who platform and workers are at PostgreSQL."""
    return text(values, "APP_DB_USER") or LOGINS[0]


def redis_url(values: Values) -> Redacted:
    return Redacted(f"redis://:{_percent(text(values, 'REDIS_PASSWORD'))}@redis:6379/0")


def redis_authentication(values: Values) -> Redacted:
    """A line of redis.conf."""
    password = "".join(_in_redis_quotes(sign) for sign in text(values, "REDIS_PASSWORD"))
    return Redacted(f'requirepass "{password}"\n')


def _database(role: str, password: str) -> Redacted:
    return Redacted(f"postgresql://{role}:{_percent(password)}@postgres:5432/menuvo")


def _percent(password: str) -> str:
    return quote(password, safe="")


def _in_redis_quotes(sign: str) -> str:
    if sign in _ESCAPED:
        return _ESCAPED[sign]
    return f"\\x{ord(sign):02x}" if ord(sign) < 32 else sign
