"""A restore that was cut off: what came of it, and the end of what it left.

Its supervisor starts everything again by itself, and a switch is one transaction: so nothing is
half but a database that nobody uses, and somebody has to say which one serves.
"""

from dataclasses import dataclass

from menuvo_ops.errors import CommandFailed, LockHeld, OpsError
from menuvo_ops.local import control
from menuvo_ops.local.holding import WHY
from menuvo_ops.local.paths import Clone
from menuvo_ops.operations.embedded.backups.ground import Ground
from menuvo_ops.operations.embedded.backups.work import kept_databases
from menuvo_ops.rollout.journal import Entry, Journal
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.rollout.taking import whoever
from menuvo_ops.rollout.telling import Noted, Tell

_HALF = 'DROP DATABASE IF EXISTS "menuvo_restoring" WITH (FORCE);'


@dataclass(frozen=True)
class CutOff:
    """`backup` is empty where the last restore was to be taken back."""

    entry: Entry
    has_switched: bool

    @property
    def backup(self) -> str:
        return str(self.entry.options.get("backup", ""))


def settle(ground: Ground) -> CutOff | None:
    """End and tell it; for who holds the lock, while PostgreSQL runs. None where there is none."""
    journal = Journal(ground.clone.restore)
    entry = journal.read()
    if entry is None:
        return None
    _let_go(ground)
    before = frozenset(filter(None, str(entry.options.get("kept", "")).split(",")))
    found = CutOff(entry, has_switched=kept_databases(ground) != before)
    ground.ask(_HALF, database="postgres")
    close(ground.clone, journal)
    ground.tell(Noted(_sentence(found), is_warning=True))
    return found


def settle_after_start(clone: Clone, tell: Tell) -> None:
    """As `settle`, unless somebody is still at it. What runs goes on, whatever comes of it."""
    if not clone.restore.exists():
        return
    try:
        with Lock(clone.backups_lock, whoever()).take() as lock:
            settle(Ground(clone, tell, kept=(lock.descriptor,)))
    except LockHeld:
        return
    except OpsError as error:
        tell(Noted(f"A restore was cut off here. {error.message} {error.hint}", is_warning=True))


def close(clone: Clone, journal: Journal) -> None:
    """What was done stays readable."""
    entry = journal.read()
    opened = entry.opened_at.replace(":", "") if entry else "unknown"
    clone.logs.mkdir(parents=True, exist_ok=True)
    journal.close(clone.logs / f"restore-{opened}.jsonl")


def _let_go(ground: Ground) -> None:
    """Its supervisor may not have seen yet that nobody holds anything any more."""
    is_held = any(one["detail"] == WHY for one in ground.require_running()["services"])
    if is_held and control.ask(ground.clone.control, {"verb": "let go"}) is None:
        raise CommandFailed("Menuvo was stopped meanwhile.", hint="Start it: ./menuvo up")


def _sentence(found: CutOff) -> str:
    told = f"The {found.entry.told} was cut off at: {found.entry.at_step}."
    if not found.has_switched:
        return f"{told} The database is as it was before."
    if found.backup:
        return f"{told} It serves already; ./menuvo restore --undo brings back what was before."
    return f"{told} What was kept serves again already."
