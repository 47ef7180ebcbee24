"""A real S3 server with a bucket for backups, and somebody whom it lets do nothing."""

import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from menuvo_backup.settings import BucketSettings, Redacted
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.running import running
from tests.versitygw import program

KEY, SECRET = "AKMENUVOTESTS", "a-secret-of-the-tests"
STRANGER, STRANGERS_SECRET = "AKSTRANGER", "another-secret-of-the-tests"
BUCKET = "backups"
# The platform's two, and the one for copies of what is in them.
PICTURES, FILES, COPIES = "pictures", "files", "copies"


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

    def empty(self) -> None:
        shutil.rmtree(self.bucket / "menuvo", ignore_errors=True)
        for name in (PICTURES, FILES, COPIES):
            shutil.rmtree(self.folder(name))
            self.folder(name).mkdir()

    def folder(self, bucket: str) -> Path:
        return self.bucket.with_name(bucket)

    def keys(self, bucket: str) -> set[str]:
        below = self.folder(bucket)
        return {str(path.relative_to(below)) for path in below.rglob("*") if path.is_file()}

    def files(self) -> dict[str, Path]:
        """By their keys below the prefix."""
        below = self.bucket / "menuvo"
        return {str(path.relative_to(below)): path for path in below.rglob("*") if path.is_file()}


@contextmanager
def running_object_server(folder: Path) -> Generator[ObjectServer]:
    port, health = free_port(), "/health"
    root, metadata, accounts = folder / "s3", folder / "metadata", folder / "accounts"
    buckets = [root / name for name in (BUCKET, PICTURES, FILES, COPIES)]
    for made in (*buckets, metadata, accounts):
        made.mkdir(parents=True)
    argv = [str(program()), "--region", "auto", "--port", f"127.0.0.1:{port}", "--quiet"]
    argv += ["--iam-dir", str(accounts), "--health", health]
    argv += ["posix", "--sidecar", str(metadata), str(root)]
    keys = {"ROOT_ACCESS_KEY_ID": KEY, "ROOT_SECRET_ACCESS_KEY": SECRET}
    with running(argv, log=folder / "s3.log", probe=HttpProbe(port, health), env=keys):
        _add_stranger(port)
        yield ObjectServer(port, root / BUCKET)


def _add_stranger(port: int) -> None:
    """Somebody whom the server knows, and who may do nothing in the bucket."""
    argv = [str(program()), "admin", "--access", KEY, "--secret", SECRET, "--region", "auto"]
    argv += ["--endpoint-url", f"http://127.0.0.1:{port}", "create-user", "--role", "user"]
    argv += ["--access", STRANGER, "--secret", STRANGERS_SECRET]
    subprocess.run(argv, check=True, capture_output=True)
