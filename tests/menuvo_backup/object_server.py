"""A real S3 server on a folder: versitygw, built once from the module that is pinned here."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from menuvo_backup.settings import BucketSettings, Redacted
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.running import running

PACKAGE = "github.com/versity/versitygw/cmd/versitygw"
VERSION = "v1.8.0"
KEY, SECRET = "AKMENUVOTESTS", "a-secret-of-the-tests"
STRANGER, STRANGERS_SECRET = "AKSTRANGER", "another-secret-of-the-tests"
BUCKET = "backups"


@dataclass(frozen=True)
class ObjectServer:
    """Its bucket is a folder; the data outlives the process."""

    port: int
    bucket: Path

    @property
    def settings(self) -> BucketSettings:
        return BucketSettings(
            endpoint=f"http://127.0.0.1:{self.port}",
            region="auto",
            bucket=BUCKET,
            prefix="menuvo",
            access_key_id=Redacted(KEY),
            secret_access_key=Redacted(SECRET),
        )

    def files(self) -> dict[str, Path]:
        """By their keys below the prefix."""
        below = self.bucket / "menuvo"
        return {str(path.relative_to(below)): path for path in below.rglob("*") if path.is_file()}


@contextmanager
def running_object_server(folder: Path) -> Generator[ObjectServer]:
    port, health = free_port(), "/health"
    root, metadata, accounts = folder / "s3", folder / "metadata", folder / "accounts"
    for made in (root / BUCKET, metadata, accounts):
        made.mkdir(parents=True)
    program = str(provide())
    argv = [program, "--region", "auto", "--port", f"127.0.0.1:{port}", "--quiet"]
    argv += ["--iam-dir", str(accounts), "--health", health]
    argv += ["posix", "--sidecar", str(metadata), str(root)]
    keys = {"ROOT_ACCESS_KEY_ID": KEY, "ROOT_SECRET_ACCESS_KEY": SECRET}
    with running(argv, log=folder / "s3.log", probe=HttpProbe(port, health), env=keys):
        _add_stranger(program, port)
        yield ObjectServer(port, root / BUCKET)


def _add_stranger(program: str, port: int) -> None:
    """Somebody whom the server knows, and who may do nothing in the bucket."""
    argv = [program, "admin", "--access", KEY, "--secret", SECRET, "--region", "auto"]
    argv += ["--endpoint-url", f"http://127.0.0.1:{port}", "create-user", "--role", "user"]
    argv += ["--access", STRANGER, "--secret", STRANGERS_SECRET]
    subprocess.run(argv, check=True, capture_output=True)


def provide() -> Path:
    """Builds it, or finds what an earlier run has built: outside the checkout, for all clones."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = caches / "menuvo-bed" / "programs" / f"versitygw-{VERSION}"
    program = folder / "versitygw"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            _build(folder)
    return program


def _build(folder: Path) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("an S3 server is built with Go, which is missing here")
    environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "", "GOBIN": str(folder)}
    subprocess.run([go, "install", f"{PACKAGE}@{VERSION}"], env=environment, check=True)
