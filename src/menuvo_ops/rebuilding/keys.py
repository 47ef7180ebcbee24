"""Whether the recovery file opens the backup: without its key a bucket is lost."""

from collections.abc import Iterator

from menuvo_ops.backups.records import Backup
from menuvo_ops.environment.age import recipient_of
from menuvo_ops.environment.values import Values, text, words
from menuvo_ops.rollout.preflight.problem import Problem


def unopened(backup: Backup, values: Values) -> Iterator[Problem]:
    """Known by the keys alone: nothing has to be fetched for it."""
    if not backup.sealed:
        return
    ours = {recipient_of(identity) for identity in words(text(values, "BACKUP_AGE_IDENTITY"))}
    if ours.isdisjoint(backup.recipients):
        yield Problem(
            f"Backup {backup.id} is sealed for {', '.join(backup.recipients)}, and the recovery"
            f" file has {'another identity' if ours else 'no identity'}",
            "Write the identity from where it is kept into it:"
            " BACKUP_AGE_IDENTITY=AGE-SECRET-KEY-1...",
        )
