"""Whether the keys that are there open what is in the bucket: without them it is lost."""

from collections.abc import Iterator, Sequence
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
    if backup.sealed:
        yield from closed(f"Backup {backup.id}", backup.recipients, values, keeper)


def closed(
    what: str, recipients: Sequence[str], values: Values, keeper: Keeper
) -> Iterator[Problem]:
    """Known by the keys alone: nothing has to be fetched for it. For nobody is what is not
    sealed."""
    ours = {recipient_of(identity) for identity in words(text(values, "BACKUP_AGE_IDENTITY"))}
    if recipients and ours.isdisjoint(recipients):
        yield Problem(
            f"{what} is sealed for {', '.join(recipients)}, and {keeper.name}"
            f" has {'another identity' if ours else 'no identity'}",
            keeper.remedy,
        )
