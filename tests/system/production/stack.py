"""Production itself on the test bed: the unchanged compose file, with a server for its buckets."""

import json
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from menuvo_ops.local.ports import free_port
from menuvo_ops.runner import run
from tests.system.bed.bed import Bed
from tests.system.bed.production import CHECKOUT
from tests.system.bed.project import RunningProject

DOMAIN = "menuvo.localhost"
COMPOSE_FILE = CHECKOUT / "infra/docker-compose.yml"
FILES = (COMPOSE_FILE, CHECKOUT / "infra/docker-compose.local.yml")
PERMANENT = {
    "platform-a",
    "platform-b",
    "worker-images",
    "worker-imports",
    "postgres",
    "redis",
    "caddy",
    "postgres-backup",
    "gatus",
    "beszel",
    "beszel-agent",
    "socket-proxy",
}

# What an operator fills in; passwords and keys are made by `menuvo env init`.
ANSWERS = {
    "VERSION": "bed",
    "TLS_MODE": "internal",
    "S3_ENDPOINT": "http://s3:7070",
    "S3_REGION": "us-east-1",
    "S3_ACCESS_KEY_ID": "the-bed-has-one",
    "S3_SECRET_ACCESS_KEY": "a-long-secret-of-the-bed",
    "S3_BUCKET": "pictures",
    "S3_FILES_BUCKET": "files",
    "BACKUP_S3_ENDPOINT": "http://s3:7070",
    "BACKUP_S3_REGION": "us-east-1",
    "BACKUP_S3_ACCESS_KEY_ID": "the-bed-has-one",
    "BACKUP_S3_SECRET_ACCESS_KEY": "a-long-secret-of-the-bed",
    "BACKUP_S3_BUCKET": "backups",
    "BESZEL_USER_EMAIL": "operator@example.org",
}

_PAUSE = 0.1
# Through the edge, from wherever it runs; the certificate is looked at elsewhere.
_ASK = """
import http.client, json, ssl
context = ssl._create_unverified_context()
statuses = []
for _ in range({times}):
    connection = http.client.HTTPSConnection("{host}", context=context, timeout=20)
    connection.request("{method}", "{path}", headers={{"Content-Length": "0"}})
    statuses.append(connection.getresponse().status)
    connection.close()
print(json.dumps(statuses))
"""


@dataclass
class Production:
    project: RunningProject
    folder: Path
    http_port: int
    https_port: int
    demo: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def base_url(self) -> str:
        """As a client on this machine reaches the edge; `host` says which of its hosts is meant."""
        return f"https://127.0.0.1:{self.https_port}"

    @cached_property
    def authority(self) -> ssl.SSLContext:
        """Caddy's own, so that certificates are checked here as everywhere."""
        return ssl.create_default_context(cadata=self.authority_text)

    @cached_property
    def authority_text(self) -> str:
        """As PEM."""
        root = "/data/caddy/pki/authorities/local/root.crt"
        return self.project.execute("caddy", "cat", root)

    def request(
        self,
        path: str,
        *,
        host: str = DOMAIN,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> httpx.Response:
        with httpx.Client(verify=self.authority, timeout=20) as client:
            return client.request(
                method,
                f"{self.base_url}{path}",
                headers={"Host": host, **(headers or {})},
                extensions={"sni_hostname": host},
                **options,
            )

    def answers(self, path: str) -> bool:
        try:
            return self.request(path).status_code == 200
        except httpx.HTTPError:
            return False

    def async_client(self) -> httpx.AsyncClient:
        """Every request goes to the shop."""
        return httpx.AsyncClient(
            verify=self.authority,
            timeout=20,
            headers={"Host": DOMAIN},
            event_hooks={"request": [_name_the_shop]},
        )

    def ask_from(self, service: str, path: str, *, times: int) -> list[int]:
        """GET, or POST where one logs in, from another container: from another address."""
        method = "POST" if path.endswith("/login") else "GET"
        script = _ASK.format(host=DOMAIN, path=path, method=method, times=times)
        return json.loads(self.project.execute(service, "python3", "-c", script))

    def restart(self, service: str) -> None:
        """Politely, and until it is healthy again."""
        self.compose("restart", service)
        self.project.up(service)

    def until(self, condition: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"not within {seconds} s"
            time.sleep(_PAUSE)

    def compose(self, *arguments: str) -> str:
        environment = {**self.project.engine.environment, **self.project.environment}
        argv = self.project.project.command(*arguments)
        return run(argv, what=f"compose {arguments[0]}", env=environment, last_lines=None)

    def sql(self, statement: str) -> str:
        """As the owner, who sees all rows."""
        argv = ("psql", "--username=menuvo", "--no-align", "--tuples-only", "--command", statement)
        return self.project.execute("postgres", *argv).strip()

    def secret(self, name: str) -> str:
        return (self.folder / "secrets" / name).read_text()

    def task(self, *argv: str) -> str:
        """Run a task of the compose file to its end."""
        return self.compose("run", "--rm", "--no-TTY", *argv)


async def _name_the_shop(request: httpx.Request) -> None:
    request.extensions["sni_hostname"] = DOMAIN


@contextmanager
def running_production(
    bed: Bed, folder: Path, *, files: tuple[Path, ...] = FILES
) -> Generator[Production]:
    """Everything up and healthy, with the demo in it."""
    with prepared_production(bed, folder, files=files) as production:
        production.project.up("postgres", "redis", "s3")
        production.task("migrate")
        production.demo = json.loads(production.task("seed"))
        production.project.up(seconds=240)
        yield production


@contextmanager
def prepared_production(
    bed: Bed, folder: Path, *, files: tuple[Path, ...] = FILES, **answers: str
) -> Generator[Production]:
    """A deployment folder with a complete environment; nothing runs yet."""
    write_environment(folder, {**ANSWERS, **answers})
    http, https = free_port(), free_port()
    environment = {
        "HTTP_PORT": f"127.0.0.1:{http}",
        "HTTPS_PORT": f"127.0.0.1:{https}",
        "SECRETS_DIR": str(folder / "secrets"),
        "STATE_DIR": str(folder / "state"),
    }
    with bed.project(*files, environment=environment, env_file=folder / ".env") as project:
        yield Production(project, folder, http, https)


def write_environment(folder: Path, answers: Mapping[str, str]) -> None:
    """As an operator does who brings an environment along."""
    brought = folder / "brought.env"
    brought.write_text("".join(f"{name}='{value}'\n" for name, value in answers.items()))
    argv = [str(Path(sys.executable).parent / "menuvo"), "env", "init", "--domain", DOMAIN]
    argv += ["--from", str(brought), "--directory", str(folder)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
