"""An environment with nothing to complain about, to spoil one value of."""

from pathlib import Path

from menuvo_ops.environment.age import recipient_of
from menuvo_ops.environment.dotenv import quoted
from menuvo_ops.environment.generation import key_pair
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.variables import VARIABLES

HUB_KEY, AGENT_KEY = key_pair()
IDENTITY = "AGE-SECRET-KEY-1R9K002S9XZFKHEG468WEFMZMTL6QGNVCHX7FYYJZYCFWPM0F884Q54JXFC"

COMPLETE = {
    "DOMAIN": "menuvo.app",
    "TLS_MODE": "acme",
    "ACME_EMAIL": "operator@menuvo.app",
    "TRUSTED_PROXIES": "none",
    "TIME_ZONE": "Europe/Berlin",
    "VERSION": "4f2a91c0",
    "DB_PASSWORD": "a$b 'c' \"d\" #e\\",
    "APP_DB_PASSWORD": "p%40:/?&=@€uro",
    "APP_DB_USER": "menuvo_app",
    "REDIS_PASSWORD": 'r"e\\d"is $1 #x',
    "AUTH_SECRET": "kX3vQ9mT7pLw2ZrB8nYc5HdJ4sGf6AeU",
    "PROBE_TOKEN": "pR7oB2eT9kQ4wZ1xM6vN8cL3hJ5sD0aF",
    "S3_ENDPOINT": "https://account.r2.cloudflarestorage.com",
    "S3_REGION": "auto",
    "S3_ACCESS_KEY_ID": "S3KEYID",
    "S3_SECRET_ACCESS_KEY": "s3/secret+key=",
    "S3_BUCKET": "menuvo",
    "S3_FILES_BUCKET": "menuvo-files",
    "S3_PUBLIC_URL": "https://images.menuvo.app",
    "STRIPE_SECRET_KEY": "sk_live_51abc",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_51abc",
    "STRIPE_WEBHOOK_SECRET": "whsec_abc",
    "STRIPE_WEBHOOK_SECRET_THIN": "whsec_def",
    "OPENROUTER_API_KEY": "sk-or-v1-abc",
    "SENTRY_DSN": "https://abc123@o1.ingest.sentry.io/42",
    "SENTRY_AUTH_TOKEN": "sntrys_abc",
    "BESZEL_AGENT_KEY": AGENT_KEY,
    "BESZEL_HUB_KEY": HUB_KEY,
    "BESZEL_USER_EMAIL": "operator@menuvo.app",
    "BESZEL_USER_PASSWORD": "correct horse battery",
    "GATUS_TELEGRAM_TOKEN": "123456789:AAabcdefghijklmnopqrstuvwxyz_-01234",
    "GATUS_TELEGRAM_CHAT_ID": "-1001234567890",
    "ALERT_WEBHOOK_URL": "https://hooks.example.org/T0/B0/$x?token=1",
    "DEADMAN_URL": "https://hc-ping.com/4f2a91c0",
    "BACKUP_S3_ENDPOINT": "https://account.r2.cloudflarestorage.com",
    "BACKUP_S3_REGION": "auto",
    "BACKUP_S3_ACCESS_KEY_ID": "BACKUPKEYID",
    "BACKUP_S3_SECRET_ACCESS_KEY": "backup/secret+key=",
    "BACKUP_S3_BUCKET": "menuvo-backups",
    "BACKUP_S3_PREFIX": "menuvo",
    "BACKUP_AGE_RECIPIENT": recipient_of(IDENTITY) or "",
    "BACKUP_AGE_IDENTITY": IDENTITY,
    "BACKUP_KEEP_DAYS": "7",
    "BACKUP_CRON": "0 3 * * *",
    "BACKUP_VERIFY": "true",
    "BACKUP_WAL": "on",
    "BACKUP_BASE_CRON": "0 5 * * 6",
    "BACKUP_WINDOW_DAYS": "21",
    "BACKUP_OBJECTS_S3_ENDPOINT": "https://other.r2.cloudflarestorage.com",
    "BACKUP_OBJECTS_S3_REGION": "auto",
    "BACKUP_OBJECTS_S3_BUCKET": "menuvo-copies",
    "BACKUP_OBJECTS_S3_ACCESS_KEY_ID": "COPYKEYID",
    "BACKUP_OBJECTS_S3_SECRET_ACCESS_KEY": "copy/secret+key=",
    "BACKUP_MONITOR_TOKEN": "mO4nI7tO2rT9kQ5wZ1xM6vN8cL3hJ0sD",
}


def values(**changed: str) -> dict[str, Redacted]:
    return {name: Redacted(value) for name, value in (COMPLETE | changed).items()}


def write_env(folder: Path, **changed: str) -> Path:
    """The file as an operator might have typed it: without any of our comments."""
    file = folder / ".env"
    lines = [f"{name}={quoted(value)}\n" for name, value in (COMPLETE | changed).items()]
    file.write_text("".join(lines), encoding="utf-8")
    file.chmod(0o600)
    return file


def secret_values() -> list[str]:
    return [
        COMPLETE[name]
        for name, variable in VARIABLES.items()
        if variable.secret and name in COMPLETE
    ]
