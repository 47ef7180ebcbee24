"""Everything that can be known before anything is stopped; all that is wrong is told together."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from menuvo_ops.backups.events import megabytes
from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.service import RESTORE
from menuvo_ops.commands import docker
from menuvo_ops.restoring.work import Work, schema_remedy, schema_trouble
from menuvo_ops.rollout.preflight.problem import Problem

_SPARE_BYTES = 500_000_000


def problems(work: Work, backups: Sequence[Backup]) -> list[Problem]:
    found = [*_ground(work), *_nothing_else_at_work(backups)]
    if work.backup is None:
        return [*found, *_something_kept(work)]
    return [*found, *_backup(work.backup), *_schema(work, work.backup, backups), *_disk(work)]


def _ground(work: Work) -> Iterator[Problem]:
    scene = work.scene
    if not os.access(scene.stack.directory, os.W_OK):
        yield Problem(f"{scene.stack.directory} cannot be written", "Run this as its owner.")
    there = scene.containers()
    for name in ("postgres", "redis"):
        if name not in there or not there[name].is_well:
            word = there[name].word if name in there else "missing"
            yield Problem(f"{name} is {word}", f"Mend it first: docker compose up --detach {name}")
    project = scene.stack.with_tasks(scene.project(work.release))
    if RESTORE not in scene.stack.config_hashes(project):
        yield Problem(f"The release that serves has no task {RESTORE}", "menuvo deploy brings it.")


def _nothing_else_at_work(backups: Sequence[Backup]) -> Iterator[Problem]:
    if any(one.outcome == "running" for one in backups):
        yield Problem("A backup is being made", "Wait for its end: menuvo backup list.")


def _something_kept(work: Work) -> Iterator[Problem]:
    if not work.kept:
        yield Problem("No restore kept a database", "Choose a backup: menuvo backup list.")


def _backup(backup: Backup) -> Iterator[Problem]:
    if not backup.can_be_restored:
        yield Problem(f"Backup {backup.id} cannot be restored", backup.complaint)
    elif not backup.says_what_was_in_it:
        yield Problem(
            f"Backup {backup.id} does not say what was in it, so nothing could be compared",
            "docs/reference/backup.md tells how pg_restore takes it by hand.",
        )


def _schema(work: Work, backup: Backup, backups: Sequence[Backup]) -> Iterator[Problem]:
    known = [
        one
        for one in work.scene.archive.releases()
        if not work.scene.archive.has_failed(one.number)
    ]
    told = schema_trouble(backup.schema_head, work.release, known)
    if told:
        yield Problem(told, schema_remedy(backup.schema_head, work.release, known, backups))


def _disk(work: Work) -> Iterator[Problem]:
    """The restored database stands beside today's, and a dump from the bucket beside both."""
    backup, scene = work.backup, work.scene
    if backup is None:
        return
    root = Path(scene.stack.shell.run(docker.data_folder(), what="Asking Docker").strip())
    needed = backup.database_bytes + (backup.size or 0) + _SPARE_BYTES
    if root.is_dir() and (free := shutil.disk_usage(root).free) < needed:
        yield Problem(
            f"The disk of {root} has {megabytes(free)} free, and a restore needs"
            f" {megabytes(needed)}",
            "menuvo restore --forget drops what earlier ones kept.",
        )
