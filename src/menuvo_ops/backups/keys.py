"""Whether the keys that are there open a backup in the bucket: without them it is lost."""

from collections.abc import Iterator
from typing import NamedTuple

from menuvo_ops.backups.records import Backup
from menuvo_ops.environment.age import recipient_of
from menuvo_ops.environment.values import Values, text, words
from menuvo_ops.rollout.preflight.problem import Problem


class Keeper(NamedTuple):
    """Of keys, and how it gets one that it has not."""

    name: str
    remedy: str


RECOVERY_FILE = Keeper(
    "the recovery file",
    "Write the identity from where it is kept into it: BACKUP_AGE_IDENTITY=AGE-SECRET-KEY-1...",
)
SERVER = Keeper(
    "this server",
    "Put the identity from where it is kept into BACKUP_AGE_IDENTITY of .env, behind one that is"
    " there, and deploy it.",
)


def unopened(backup: Backup, values: Values, keeper: Keeper) -> Iterator[Problem]:
    """Known by the keys alone: nothing has to be fetched for it."""
    if not backup.sealed:
        return
    ours = {recipient_of(identity) for identity in words(text(values, "BACKUP_AGE_IDENTITY"))}
    if ours.isdisjoint(backup.recipients):
        yield Problem(
            f"Backup {backup.id} is sealed for {', '.join(backup.recipients)}, and {keeper.name}"
            f" has {'another identity' if ours else 'no identity'}",
            keeper.remedy,
        )
