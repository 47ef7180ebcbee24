"""A real S3 server on a folder: versitygw, as the test bed builds it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.running import running
from menuvo_platform.settings import Redacted, S3Settings
from tests.system.bed.binaries import STORAGE, provide
from tests.system.bed.cache import locked

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
        argv = [str(program()), "--region", "auto", "--port", f"127.0.0.1:{self.port}", "--quiet"]
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


def program() -> Path:
    """The one of the test bed: built once, and kept outside the checkout for all clones."""
    try:
        with locked("binaries"):
            return provide(STORAGE, print) / STORAGE.name
    except MissingProgram as missing:
        pytest.skip(f"an S3 server is built with Go: {missing.message}")
