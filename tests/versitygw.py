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

from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.running import running
from menuvo_platform.settings import Redacted, S3Settings

PACKAGE = "github.com/versity/versitygw/cmd/versitygw"
VERSION = "v1.8.0"
ACCESS_KEY = "AKMENUVOTESTS"
SECRET_KEY = "a-secret-of-the-tests"
HEALTH = "/health"


@dataclass(frozen=True)
class ObjectServer:
    """Its buckets are the folders below `root`; the data outlives the process."""

    port: int
    root: Path

    @property
    def settings(self) -> S3Settings:
        return S3Settings(
            endpoint=f"http://127.0.0.1:{self.port}",
            access_key_id=Redacted(ACCESS_KEY),
            secret_access_key=Redacted(SECRET_KEY),
            bucket="pictures",
            files_bucket="files",
            public_url="",
            region="auto",
        )

    @contextmanager
    def running(self) -> Generator[None]:
        metadata = self.root.with_name(f"metadata-of-{self.root.name}")
        for folder in (self.root / "pictures", self.root / "files", metadata):
            folder.mkdir(parents=True, exist_ok=True)
        argv = [str(provide()), "--region", "auto", "--port", f"127.0.0.1:{self.port}", "--quiet"]
        argv += ["--health", HEALTH, "posix", "--sidecar", str(metadata), str(self.root)]
        log = self.root.with_name(f"{self.root.name}.log")
        keys = {"ROOT_ACCESS_KEY_ID": ACCESS_KEY, "ROOT_SECRET_ACCESS_KEY": SECRET_KEY}
        with running(argv, log=log, probe=HttpProbe(self.port, HEALTH), env=keys):
            yield


@contextmanager
def running_object_server(folder: Path) -> Generator[ObjectServer]:
    server = ObjectServer(free_port(), folder / "s3")
    with server.running():
        yield server


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
