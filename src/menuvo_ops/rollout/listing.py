"""The releases of a deployment, for people and for programs; of the environment only a hash."""

import hashlib
from dataclasses import dataclass

from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.records import Release

_SHOWN = 12


@dataclass(frozen=True)
class _Row:
    release: Release
    state: str
    environment: str


def as_facts(archive: Archive) -> list[dict[str, object]]:
    return [
        {
            "release": row.release.number,
            "version": row.release.version,
            "state": row.state,
            "schema": row.release.schema.head,
            "made_at": row.release.made_at,
            "made_by": row.release.made_by,
            "previous": row.release.previous,
            "restores": row.release.restores,
            "environment": row.environment,
        }
        for row in _rows(archive)
    ]


def as_table(archive: Archive) -> str:
    rows = [
        (
            f"{row.release.number}{'*' if row.state == 'serving' else ''}",
            row.release.version[:_SHOWN],
            row.state if not row.release.restores else f"{row.state}, as {row.release.restores}",
            row.release.schema.head,
            row.release.made_at.replace("T", " ").replace("+00:00", "Z"),
            row.release.made_by,
        )
        for row in _rows(archive)
    ]
    if not rows:
        return "Nothing was deployed here yet."
    head = ("", "version", "", "schema", "made", "by")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    )


def _rows(archive: Archive) -> list[_Row]:
    """The newest first."""
    current = archive.current()
    rows: list[_Row] = []
    for release in reversed(archive.releases()):
        state = "failed" if archive.has_failed(release.number) else "before"
        if current and release.number == current.number:
            state = "serving"
        env_file = archive.folder(release.number) / ".env"
        hashed = hashlib.sha256(env_file.read_bytes()).hexdigest()[:_SHOWN]
        rows.append(_Row(release, state, hashed))
    return rows
