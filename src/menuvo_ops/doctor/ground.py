"""What is examined, however it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from menuvo_ops.backups.records import Backup


@dataclass(frozen=True)
class Service:
    """`limit` is what it may have of the memory in bytes, and 0 where nothing limits it. What is
    not `essential` harms no guest when it is not well."""

    name: str
    word: str
    is_well: bool
    restarts: int
    was_killed_for_memory: bool = False
    limit: int = 0
    essential: bool = True


@dataclass(frozen=True)
class Words:
    """How the operator is told to do something here."""

    logs: str
    restart: str
    psql: str
    menuvo: str
    # What shows who has the memory, and what frees the disk without taking anything that is used.
    memory: str
    clean_up: str

    def logs_of(self, service: str) -> str:
        return f"{self.logs} {service}"

    def restart_of(self, service: str) -> str:
        return f"{self.restart} {service}"

    def in_database(self, statement: str) -> str:
        return f'{self.psql} "{statement}"'


class Ground(Protocol):
    """Whoever asks what does not answer gets an OpsError."""

    @property
    def words(self) -> Words: ...

    @property
    def is_production(self) -> bool: ...

    @property
    def folders(self) -> Sequence[Path]:
        """On whose disks everything lies that grows."""
        ...

    def disk_consumers(self) -> Mapping[str, int]:
        """Bytes by what takes them."""
        ...

    def services(self) -> Sequence[Service]: ...

    def last_words(self, service: str) -> str:
        """The end of its log, a few lines."""
        ...

    def ask_database(self, statement: str) -> str:
        """Bare values as its owner sees them, with `|` between columns."""
        ...

    def ask_redis(self, section: str) -> str:
        """A section of its INFO."""
        ...

    def ask_edge(self, path: str) -> str:
        """What guests are answered there; raises where that is no success."""
        ...

    def backups(self) -> Sequence[Backup]:
        """The newest first."""
        ...

    def schema_of_release(self) -> str:
        """The head that what serves was made for."""
        ...
