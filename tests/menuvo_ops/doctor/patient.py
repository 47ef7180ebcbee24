"""Something to be examined, of which each test makes one thing ill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from menuvo_ops.backups.records import Backup
from menuvo_ops.doctor.ground import Service, Words
from menuvo_ops.errors import CommandFailed

INFO = {
    "server": "redis_version:8.0.4\r\n",
    "memory": "used_memory:1048576\r\nmaxmemory:134217728\r\nmaxmemory_policy:noeviction\r\n",
    "stats": "evicted_keys:0\r\nrejected_connections:0\r\n",
    "persistence": "rdb_last_bgsave_status:ok\r\n",
}
HEALTHY = '{"status": "ok", "db": "ok", "redis": "ok"}'


def service(name: str, **differing: object) -> Service:
    facts: dict[str, object] = {"word": "healthy", "is_well": True, "restarts": 0, "limit": 2**29}
    return Service(name, **{**facts, **differing})  # pyright: ignore[reportArgumentType]


WORDS = Words("logs", "restart", "psql", "menuvo", "who", "clean")


@dataclass
class Patient:
    """`rows` are what the database answers to a statement that has the words in it."""

    is_production: bool = True
    health: str = HEALTHY
    info: "dict[str, str]" = field(default_factory=lambda: dict(INFO))
    rows: "dict[str, str]" = field(default_factory=dict[str, str])
    there: "list[Service]" = field(default_factory=lambda: [service("platform-a")])
    made: "list[Backup]" = field(default_factory=list[Backup])
    lost: "set[str]" = field(default_factory=set[str])
    words: Words = WORDS

    @property
    def folders(self) -> Sequence[Path]:
        return [Path("/")]

    def disk_consumers(self) -> Mapping[str, int]:
        return {"images": 2_000_000_000, "volumes": 5_000_000_000}

    def services(self) -> Sequence[Service]:
        return self.there

    def last_words(self, service: str) -> str:
        return f"the end of {service}"

    def ask_database(self, statement: str) -> str:
        self._require("database")
        for words, answer in self.rows.items():
            if words in statement:
                return answer
        return _answer(statement)

    def ask_redis(self, section: str) -> str:
        self._require("redis")
        return self.info[section]

    def ask_edge(self, path: str) -> str:
        self._require("edge")
        return self.health if path == "/health" else "{}"

    def backups(self) -> Sequence[Backup]:
        return self.made

    def schema_of_release(self) -> str:
        return "0007"

    def _require(self, name: str) -> None:
        if name in self.lost:
            raise CommandFailed(f"The {name} is away.", hint=f"Bring the {name} back.")


_ANSWERS = {
    "max_connections": "5|100|3",
    "xact_start": "",
    "pg_blocking_pids": "0|",
    "n_dead_tup": "",
    "datfrozenxid": "211",
    "checksum_failures": "0",
    "indisvalid": "",
    "pg_size_pretty": "12 MB",
    "alembic_version": "0007",
    "state = 'queued'": "",
    "state = 'dead'": "",
    "lease_until": "0",
}


def _answer(statement: str) -> str:
    return next(answer for words, answer in _ANSWERS.items() if words in statement)
