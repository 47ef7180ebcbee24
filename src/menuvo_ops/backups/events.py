"""What the service says while it works, one JSON object a line, as sentences."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypedDict, cast

from menuvo_ops.backups.moment import read_moment
from menuvo_ops.rollout.telling import Noted

Facts = Mapping[str, object]


def facts_of(line: str) -> Facts | None:
    """None for a line that is no event."""
    try:
        found = cast("object", json.loads(line))
    except ValueError:
        return None
    if not isinstance(found, dict) or "event" not in found:
        return None
    return cast("dict[str, object]", found)


def noted(facts: Facts) -> Noted:
    """Also of an event that a later service may have."""
    words = _SENTENCES.get(str(facts["event"]))
    sentence = words(_Facts(facts)) if words else str(facts["event"]).replace("_", " ") + "."
    told = (sentence, *(str(facts.get(name) or "") for name in ("cause", "hint")))
    return Noted(
        " ".join(filter(None, told)), is_warning=facts.get("level") in {"warning", "error"}
    )


def last_told(heard: Sequence[Facts], event: str) -> Facts:
    """Only of what says it whenever it ends well."""
    return next(one for one in reversed(heard) if one["event"] == event)


def last_commit(heard: Sequence[Facts]) -> datetime | None:
    """The last that a recovery has read; None where it read none."""
    told = last_told(heard, "recover_done").get("last_commit")
    return read_moment(told) if isinstance(told, str) else None


class _Database(TypedDict, total=False):
    name: str
    schema_head: "str | None"


def recovered_head(heard: Sequence[Facts]) -> str:
    """At which schema our database is, by the last words of a recovery; empty without one."""
    databases = cast("list[_Database]", last_told(heard, "recover_done").get("databases") or [])
    heads = [one.get("schema_head") for one in databases if one.get("name") == "menuvo"]
    return (heads[0] if heads else None) or ""


class _Facts:
    """Those of one event, each as it is read aloud; what is missing is a question mark."""

    def __init__(self, facts: Facts) -> None:
        self._facts: Facts = facts

    def text(self, name: str) -> str:
        value = self._facts.get(name)
        return "?" if value is None else str(value)

    def holds(self, name: str) -> bool:
        return self._facts.get(name) is True

    def count(self, name: str) -> str:
        return f"{self._number(name):,.0f}"

    def size(self, name: str) -> str:
        return megabytes(self._number(name))

    def seconds(self, name: str) -> str:
        return f"{self._number(name):.1f} s"

    def _number(self, name: str) -> float:
        value = self._facts.get(name)
        return float(value) if isinstance(value, (int, float)) else 0.0


def megabytes(size: float) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _verified(it: _Facts) -> str:
    if it.holds("unopened"):
        return (
            f"Restored from here for trial: {it.count('rows')} rows, all as they were, in"
            f" {it.seconds('restore_seconds')}. What is in the bucket is what was sent, and sealed"
            " for a key that is not here."
        )
    return (
        f"Restored for trial: {it.count('rows')} rows, all as they were; fetched in"
        f" {it.seconds('fetch_seconds')}, restored in {it.seconds('restore_seconds')}."
    )


_SENTENCES: "dict[str, Callable[[_Facts], str]]" = {
    "backup_started": lambda it: f"Backup {it.text('id')} begins.",
    "dump_written": lambda it: (
        f"Dumped: {it.count('rows')} rows at schema {it.text('schema_head')},"
        f" {it.size('bytes')} in {it.seconds('seconds')}."
    ),
    "backup_only_here": lambda _: "There is no bucket, so it is on this disk alone.",
    "objects_listed": lambda it: (
        f"Listed: {it.count('count')} pictures and files, {it.size('bytes')}."
    ),
    "objects_not_listed": lambda _: "Pictures and files were not listed.",
    "objects_copied": lambda it: (
        f"Copied to the second bucket: {it.count('count')} pictures and files, {it.size('bytes')}."
    ),
    "objects_not_copied": lambda _: "Pictures and files were not all copied to the second bucket.",
    "objects_compared": lambda it: (
        f"Of {it.count('listed')} pictures and files of backup {it.text('id')},"
        f" {it.count('gone')} are gone from the bucket."
    ),
    "objects_restored": lambda it: (
        f"{it.count('count')} pictures and files are back, {it.size('bytes')}."
    ),
    "backup_done": lambda it: f"Backup {it.text('id')} is made.",
    "backup_removed": lambda it: f"Backup {it.text('id')} has had its time and is removed.",
    "backup_failed": lambda it: f"Backup {it.text('id')} failed.",
    "backup_interrupted": lambda it: f"Backup {it.text('id')} was stopped.",
    "verify_started": lambda it: f"Backup {it.text('id')} is restored for trial.",
    "backup_verified": _verified,
    "verify_failed": lambda it: f"The verification of {it.text('id')} failed.",
    "verify_interrupted": lambda it: f"The verification of {it.text('id')} was stopped.",
    "backup_recalled": lambda it: f"The bucket has backup {it.text('id')}.",
    "recall_done": lambda it: f"Learned from the bucket of {it.count('recalled')} backups.",
    "recall_failed": lambda _: "The bucket could not be asked.",
    "restore_started": lambda it: (
        f"Backup {it.text('id')} has {it.count('rows')} rows at schema {it.text('schema_head')}"
        f" and needs {it.size('needed_bytes')}."
    ),
    "restore_checked": lambda it: (
        f"The dump is whole ({it.size('bytes')})."
        if it.text("source") == "here"
        else f"Fetched whole from the bucket: {it.size('bytes')} in {it.seconds('seconds')}."
    ),
    "restore_roles_made": lambda _: "Roles were made that this server lacked.",
    "restore_created": lambda it: f"The database {it.text('database')} is made.",
    "restore_loaded": lambda it: f"Loaded in {it.seconds('seconds')}.",
    "restore_compared": lambda it: f"{it.count('rows')} rows are all as they were.",
    "restore_switched": lambda it: f"It has taken the place; {it.text('kept')} is kept.",
    "restore_done": lambda it: f"Restored in {it.seconds('seconds')}.",
    "restore_failed": lambda _: "The restore failed; the database is as it was.",
    "restore_interrupted": lambda _: "The restore was stopped.",
    "restore_undone": lambda it: (
        f"{it.text('was')} is the database again; what was restored is kept as {it.text('kept')}."
    ),
    "recover_started": lambda it: (
        f"It begins with base backup {it.text('base')} and {it.text('segments')} pieces of the log."
    ),
    "recover_fetched": lambda it: f"The base backup is fetched whole in {it.seconds('seconds')}.",
    "recover_checked": lambda it: (
        f"The log is read to its moment; tables and indexes by amcheck: {it.text('amcheck')}."
    ),
    "recover_done": lambda it: (
        f"Recovered in {it.seconds('seconds')}; the last that was committed was at"
        f" {it.text('last_commit')}."
    ),
    "recover_failed": lambda _: "The recovery failed; nothing was changed.",
    "recover_interrupted": lambda _: "The recovery was stopped.",
    "restore_forgotten": lambda it: f"{it.text('database')} is dropped.",
}
