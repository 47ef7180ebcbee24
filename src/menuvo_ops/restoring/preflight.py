"""Everything that can be known before anything is stopped; all that is wrong is told together."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from menuvo_ops.backups.events import megabytes
from menuvo_ops.backups.keys import SERVER, unopened
from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.service import RESTORE
from menuvo_ops.commands import docker
from menuvo_ops.restoring.work import (
    BackupWork,
    Work,
    known_releases,
    schema_remedy,
    schema_trouble,
)
from menuvo_ops.rollout.preflight.problem import Problem

_SPARE_BYTES = 500_000_000


def problems(work: BackupWork, backups: Sequence[Backup]) -> list[Problem]:
    found = [*ground(work, RESTORE, needs=("postgres", "redis")), *nothing_else_at_work(backups)]
    if work.backup is None:
        return [*found, *_something_kept(work)]
    backup = work.backup
    return [
        *(*found, *of_backup(backup), *_closed(work, backup)),
        *(*_schema(work, backup, backups), *room(work, backup)),
    ]


def ground(work: Work, task: str, *, needs: Sequence[str]) -> Iterator[Problem]:
    """`needs` are services without which nothing can be done."""
    scene = work.scene
    if not os.access(scene.stack.directory, os.W_OK):
        yield Problem(f"{scene.stack.directory} cannot be written", "Run this as its owner.")
    there = scene.containers()
    for name in needs:
        if name not in there or not there[name].is_well:
            word = there[name].word if name in there else "missing"
            yield Problem(f"{name} is {word}", f"Mend it first: docker compose up --detach {name}")
    project = scene.stack.with_tasks(scene.project(work.release))
    if task not in scene.stack.config_hashes(project):
        yield Problem(f"The release that serves has no task {task}", "menuvo deploy brings it.")


def nothing_else_at_work(backups: Sequence[Backup]) -> Iterator[Problem]:
    if any(one.outcome == "running" for one in backups):
        yield Problem("A backup is being made", "Wait for its end: menuvo backup list.")


def _something_kept(work: BackupWork) -> Iterator[Problem]:
    if not work.kept:
        yield Problem("No restore kept a database", "Choose a backup: menuvo backup list.")


def of_backup(backup: Backup) -> Iterator[Problem]:
    if not backup.can_be_restored:
        yield Problem(f"Backup {backup.id} cannot be restored", backup.complaint)
    elif not backup.says_what_was_in_it:
        yield Problem(
            f"Backup {backup.id} does not say what was in it, so nothing could be compared",
            "docs/reference/backup.md tells how pg_restore takes it by hand.",
        )


def _closed(work: BackupWork, backup: Backup) -> Iterator[Problem]:
    """What is in the bucket alone, and sealed for somebody else."""
    if not backup.here:
        yield from unopened(backup, work.scene.values(work.release), SERVER)


def _schema(work: BackupWork, backup: Backup, backups: Sequence[Backup]) -> Iterator[Problem]:
    known = known_releases(work.scene)
    told = schema_trouble(backup.schema_head, work.release, known)
    if told:
        yield Problem(told, schema_remedy(backup.schema_head, work.release, known, backups))


def room(work: Work, backup: Backup) -> Iterator[Problem]:
    """The restored database stands beside today's, and a dump from the bucket beside both."""
    return disk(work, backup.database_bytes + (backup.size or 0))


def disk(work: Work, needed: int) -> Iterator[Problem]:
    """`needed` in bytes; a little more has to be left."""
    root = Path(work.scene.stack.shell.run(docker.data_folder(), what="Asking Docker").strip())
    needed += _SPARE_BYTES
    if root.is_dir() and (free := shutil.disk_usage(root).free) < needed:
        yield Problem(
            f"The disk of {root} has {megabytes(free)} free, and a restore needs"
            f" {megabytes(needed)}",
            "menuvo restore --forget drops what earlier ones kept.",
        )
