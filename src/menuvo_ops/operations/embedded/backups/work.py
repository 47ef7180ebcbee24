"""What is to be restored here, and all that its steps have in common."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.showing import ago
from menuvo_ops.errors import CommandFailed
from menuvo_ops.local import control
from menuvo_ops.operations.embedded.backups.ground import Ground
from menuvo_ops.restoring.work import loss, silence
from menuvo_ops.rollout.preflight.problem import Problem

# Until two instances and two workers have drained, the schema was looked at, and all are healthy.
START_SECONDS = 15
# Without a word about other databases: those that a restore has kept, or taken away.
_KEPT = r"SELECT datname FROM pg_database WHERE datname ~ '^menuvo_(before|undone)_\d{8}T\d{6}Z$'"
_SINCE = "SELECT count(*) FROM orders WHERE placed_at >= '{moment}'"


@dataclass
class Work:
    """`backup` is None where the last restore is taken back. `kept` are the databases that restores
    had kept before this one began: whether it has switched is seen by another set of them."""

    ground: Ground
    backup: Backup | None
    kept: frozenset[str] = field(default_factory=frozenset[str])

    @property
    def told(self) -> str:
        if self.backup is None:
            return "the database of before"
        return f"backup {self.backup.id}"

    @property
    def has_switched(self) -> bool:
        return kept_databases(self.ground) != self.kept

    def hold(self) -> None:
        self._tell_supervisor("hold")

    def let_go(self) -> None:
        self._tell_supervisor("let go")

    def _tell_supervisor(self, verb: str) -> None:
        """Raises OpsError when it refuses, or what it started is not well."""
        if control.ask(self.ground.clone.control, {"verb": verb}) is None:
            raise CommandFailed("Menuvo was stopped meanwhile.", hint="Start it: ./menuvo up")


def kept_databases(ground: Ground) -> frozenset[str]:
    return frozenset(ground.ask(_KEPT, database="postgres").split())


def head_of_checkout(ground: Ground) -> str:
    """The schema that this checkout makes."""
    program = str(ground.stack.programs.platform)
    facts = cast(
        "dict[str, str]",
        json.loads(ground.shell.run([program, "schema"], what="Asking for the schema")),
    )
    return facts["head"]


def title(work: Work, now: datetime) -> str:
    backup = work.backup
    quiet = silence(backup, start_seconds=START_SECONDS)
    if backup is None:
        told = [
            "The database that the last restore kept serves again.",
            *(quiet, loss(None, None)),
        ]
    else:
        told = [
            f"Backup {backup.id} of {backup.when}, {ago((now - backup.began).total_seconds())},"
            " takes the database's place.",
            f"It has {backup.rows:,} rows at schema {backup.schema_head}.",
            *(quiet, loss(backup, _orders_since(work.ground, backup))),
        ]
    return "\n  ".join(told) + "\n"


def problems(work: Work, backups: Sequence[Backup]) -> Iterator[Problem]:
    """Everything that can be known before anything is stopped."""
    services = {one["name"]: one["state"] for one in work.ground.require_running()["services"]}
    for name in ("postgres", "redis"):
        if services.get(name) != "healthy":
            yield Problem(f"{name} is {services.get(name)}", f"See: ./menuvo logs {name}")
    backup = work.backup
    if backup is None:
        if not any(name.startswith("menuvo_before_") for name in work.kept):
            yield Problem("No restore kept a database", "Choose a backup: ./menuvo backup list")
    elif not backup.can_be_restored:
        yield Problem(f"Backup {backup.id} cannot be restored", backup.complaint)
    elif not backup.says_what_was_in_it:
        yield Problem(
            f"Backup {backup.id} does not say what was in it, so nothing could be compared",
            "docs/reference/backup.md tells how pg_restore takes it by hand.",
        )
    else:
        yield from _schema(work.ground, backup, backups)


def _schema(ground: Ground, backup: Backup, backups: Sequence[Backup]) -> Iterator[Problem]:
    head = head_of_checkout(ground)
    if backup.schema_head > head:
        older = [one.id for one in backups if one.can_be_restored and one.schema_head <= head]
        fits = f", or restore one that fits: {', '.join(older[:3])}." if older else "."
        yield Problem(
            f"It is at schema {backup.schema_head}, and this checkout makes {head}",
            f"Check out the version that made it (git pull){fits}",
        )


def _orders_since(ground: Ground, backup: Backup) -> int | None:
    """None where the live database cannot say."""
    try:
        return int(ground.ask(_SINCE.format(moment=backup.began.isoformat())))
    except (CommandFailed, ValueError):
        return None


def utc_now() -> datetime:
    return datetime.now(UTC)
