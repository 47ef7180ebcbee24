"""`menuvo doctor` where everything runs as processes of this machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPResponse
from pathlib import Path
from typing import cast
from urllib.error import URLError
from urllib.request import urlopen

from menuvo_ops.backups.records import Backup
from menuvo_ops.doctor.examination import CHECKS
from menuvo_ops.doctor.ground import Service, Words
from menuvo_ops.doctor.verb import doctor as examine
from menuvo_ops.errors import NotReady, ServiceFailed
from menuvo_ops.local import redis
from menuvo_ops.local.logs import last_lines, log_file
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.report import ServiceReport
from menuvo_ops.operations.embedded.backups.ground import Ground
from menuvo_ops.operations.embedded.backups.work import head_of_checkout
from menuvo_ops.overview.parts import Part, look_at_parts
from menuvo_ops.server.session import say

_LAST_LINES = 5
_PATIENCE_SECONDS = 5
_WELL = {"healthy", "done"}


@dataclass(frozen=True)
class Examined:
    """A clone in which something runs."""

    clone: Clone
    is_production: bool = False

    @cached_property
    def _ground(self) -> Ground:
        ground = Ground(self.clone)
        _ = ground.require_running()
        return ground

    @property
    def words(self) -> Words:
        port = self._ground.stack.postgres_server.port
        return Words(
            logs="./menuvo logs",
            restart="./menuvo restart",
            psql=f"psql postgresql://menuvo@127.0.0.1:{port}/menuvo --command",
            menuvo="./menuvo",
            memory="ps -eo rss,args --sort=-rss | head shows who has it.",
            clean_up="rm -r .menuvo/packages frees what can be fetched again.",
        )

    @property
    def folders(self) -> Sequence[Path]:
        return [self.clone.state]

    def disk_consumers(self) -> Mapping[str, int]:
        parts = {
            "database": self.clone.postgres,
            "pictures and files": self.clone.storage,
            "backups": self.clone.backups,
            "logs": self.clone.logs,
            "packages": self.clone.packages,
            "programs": self.clone.programs,
        }
        return {name: _bytes_in(folder) for name, folder in parts.items()}

    def services(self) -> Sequence[Service]:
        return [_service(one) for one in self._ground.require_running()["services"]]

    def last_words(self, service: str) -> str:
        return last_lines(log_file(self.clone.logs, service), _LAST_LINES)

    def ask_database(self, statement: str) -> str:
        return self._ground.ask(statement)

    def ask_redis(self, section: str) -> str:
        return redis.ask(self._ground.stack.redis_server, f"INFO {section}")

    def ask_edge(self, path: str) -> str:
        url = f"http://127.0.0.1:{self._ground.stack.address.port}{path}"
        try:
            with cast("HTTPResponse", urlopen(url, timeout=_PATIENCE_SECONDS)) as answer:
                return answer.read().decode()
        except (OSError, URLError) as error:
            raise ServiceFailed(
                f"{url} does not answer as it should: {error}", hint="See: ./menuvo logs caddy"
            ) from error

    def backups(self) -> Sequence[Backup]:
        return self._backups

    @cached_property
    def _backups(self) -> Sequence[Backup]:
        """Several looks are about them, and each question starts a program."""
        return self._ground.list_backups()

    def schema_of_release(self) -> str:
        return head_of_checkout(self._ground)


def doctor(clone: Clone, *, as_json: bool) -> int:
    """Raises NotReady while nothing runs."""
    ground = Examined(clone)
    _ = ground.services()
    return examine(ground, CHECKS, say, as_json=as_json)


def parts(clone: Clone) -> list[Part]:
    """Empty while nothing runs."""
    ground = Examined(clone)
    try:
        _ = ground.services()
    except NotReady:
        return []
    return look_at_parts(ground, CHECKS)


def _service(one: ServiceReport) -> Service:
    word = f"{one['state']} {one['detail']}".strip()
    is_well = one["state"] in _WELL
    return Service(one["name"], word, is_well, one["restarts"], essential=one["essential"])


def _bytes_in(folder: Path) -> int:
    """On the disk; what vanishes meanwhile counts nothing."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.lstat().st_blocks * 512
        except OSError:
            continue
    return total
