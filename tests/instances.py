"""Real processes of the platform, each on a port of its own."""

import os
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.running import running
from menuvo_platform.settings import S3Settings, Settings


@dataclass(frozen=True)
class Instance:
    url: str
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def running_instance(settings: Settings, folder: Path, **environment: str) -> Generator[Instance]:
    """An instance that is ready, stopped politely at the end of the block."""
    port, log = free_port(), folder / "instance.log"
    argv = [sys.executable, "-m", "menuvo_platform", "serve", "--port", str(port)]
    env = {**environment_of(settings), **environment}
    with running(argv, log=log, probe=HttpProbe(port, "/ready"), env=env) as process:
        yield Instance(f"http://127.0.0.1:{port}", process, log)


def environment_of(settings: Settings) -> Mapping[str, str]:
    """The settings as a process of the platform reads them."""
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "APP_DB_PASSWORD": settings.app_db_password,
        "REDIS_URL": settings.redis_url,
        "AUTH_SECRET": settings.auth_secret,
        "PROBE_TOKEN": settings.probe_token,
        "PUBLIC_URL": settings.public_url,
        **_storage_of(settings),
        "MENUVO_RELEASE": settings.release,
        "MENUVO_INSTANCE": settings.instance,
        "HEARTBEAT_FILE": str(settings.heartbeat_file or ""),
        "DRAIN_SECONDS": str(settings.drain_seconds),
        "LOG_FORMAT": settings.log_format,
    }


def _storage_of(settings: Settings) -> Mapping[str, str]:
    storage = settings.storage
    if not isinstance(storage, S3Settings):
        return {"STORAGE_DIR": str(storage)}
    return {
        "S3_ENDPOINT": storage.endpoint,
        "S3_ACCESS_KEY_ID": storage.access_key_id,
        "S3_SECRET_ACCESS_KEY": storage.secret_access_key,
        "S3_BUCKET": storage.bucket,
        "S3_FILES_BUCKET": storage.files_bucket,
        "S3_PUBLIC_URL": storage.public_url,
        "S3_REGION": storage.region,
    }
