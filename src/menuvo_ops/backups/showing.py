"""Backups for people, and for programs the same facts."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from menuvo_ops.backups.events import megabytes
from menuvo_ops.backups.records import Backup, find, parse, raw

_SPANS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def show(listed: str, action: str, which: "str | None", *, as_json: bool) -> str:
    """What `menuvo backup list` and `show` print of what the service remembers. Raises Usage."""
    found = parse(listed)
    if action == "list":
        return json.dumps(as_facts(found)) if as_json else as_table(found)
    one = find(found, which)
    return raw(listed, one.id) if as_json else as_text(one)


def last_told(backups: Sequence[Backup], now: datetime) -> str:
    """The newest one that can be restored, and what went wrong since, in a line each."""
    good = next((one for one in backups if one.can_be_restored), None)
    told = "none yet: menuvo backup now"
    if good is not None:
        told = (
            f"{good.when}, {ago((now - good.began).total_seconds())}:"
            f" {megabytes(good.size or 0)}, {good.rows:,} rows, {_where(good)}, {_trial(good)}"
        )
    newest = backups[0] if backups else None
    if newest is None or newest is good:
        return told
    since = "is being made" if newest.outcome == "running" else f"failed. {newest.complaint}"
    return f"{told}\n{newest.id} {since}".rstrip()


def _trial(one: Backup) -> str:
    if one.verified is None:
        return "nobody has restored it for trial yet"
    source = {"bucket": "from the bucket ", "here": "from this disk "}.get(one.verified.source, "")
    return f"restored for trial {source}in {one.verified.restore_seconds:.1f} s"


def ago(seconds: float) -> str:
    return f"{span(seconds)} ago" if seconds >= _SPANS[-1][0] else "just now"


def span(seconds: float) -> str:
    """In its largest unit, from a minute on."""
    for length, name in _SPANS:
        if seconds >= length:
            many = int(seconds // length)
            return f"{many} {name}{'s' if many > 1 else ''}"
    return "less than a minute"


def as_facts(backups: Sequence[Backup]) -> list[dict[str, object]]:
    return [asdict(one) for one in backups]


def as_table(backups: Sequence[Backup]) -> str:
    if not backups:
        return "No backup was made yet."
    head = ("backup", "", "size", "rows", "schema", "where", "restored for trial")
    rows = [head, *(_row(one) for one in backups)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    told = {
        number: f"    {one.complaint}" for number, one in enumerate(backups, 1) if one.complaint
    }
    return "\n".join(
        f"{line}\n{told[number]}" if number in told else line for number, line in enumerate(lines)
    )


def as_text(backup: Backup) -> str:
    size = "nothing to restore" if backup.size is None else megabytes(backup.size)
    lines = [
        f"Backup {backup.id} of {backup.when}: {backup.outcome}, {size}.",
        f"{backup.rows:,} rows at schema {backup.schema_head or '?'};"
        f" restored it takes {megabytes(backup.database_bytes)}.",
        f"It lies {_where(backup)}." if backup.size is not None else "",
        _proof(backup),
        backup.complaint,
    ]
    return "\n".join(filter(None, lines))


def _row(one: Backup) -> tuple[str, ...]:
    size = "-" if one.size is None else megabytes(one.size)
    proved = _minute(one.verified.at) if one.verified else "-"
    where = _where(one) if one.size is not None else "-"
    outcome = "refuted" if one.refuted else one.outcome
    return (one.id, outcome, size, f"{one.rows:,}", one.schema_head or "-", where, proved)


def _where(one: Backup) -> str:
    if not one.uploaded:
        return "only on this disk"
    return "in the bucket, sealed" if one.sealed else "in the bucket"


def _proof(one: Backup) -> str:
    if one.refuted:
        return "It was restored for trial and is none."
    if one.verified is None:
        return "Nobody has restored it for trial yet: menuvo backup verify " + one.id
    if one.verified.unopened:
        return (
            f"Restored from here for trial at {_minute(one.verified.at)}, in"
            f" {one.verified.restore_seconds:.1f} s. What is in the bucket is what was sent; the"
            " key to open it is not on this server."
        )
    return (
        f"Restored for trial at {_minute(one.verified.at)}: fetched in"
        f" {one.verified.fetch_seconds:.1f} s, restored in {one.verified.restore_seconds:.1f} s."
    )


def _minute(moment: str) -> str:
    return f"{moment[:16].replace('T', ' ')} UTC"
