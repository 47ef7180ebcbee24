"""Which copies on this disk have had their time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from menuvo_backup.records import Record

ALWAYS_KEPT = 3
# Of runs that left nothing but their cause.
FAILURES_SHOWN = 20


def expired(records: Sequence[Record], *, keep_days: int, now: datetime) -> list[Record]:
    """Older than `keep_days`, but never one of the last three good ones, nor of the last three
    that were verified: those of this week may all be waiting for it."""
    newest_first = sorted(records, key=lambda record: record.id, reverse=True)
    good = [record for record in newest_first if record.outcome == "good"]
    empty = [record for record in newest_first if record.dump is None]
    verified = [record for record in good if record.verified is not None]
    protected = {record.id for record in good[:ALWAYS_KEPT] + verified[:ALWAYS_KEPT]}
    too_many = {record.id for record in empty[FAILURES_SHOWN:]}
    return [
        record
        for record in newest_first
        if record.id not in protected
        and (record.id in too_many or now - record.began > timedelta(days=keep_days))
    ]
