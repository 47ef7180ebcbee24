"""Whether the database can follow: a fresh backup, a schema on which both releases run."""

import json
from collections.abc import Iterator
from typing import TypedDict, cast

from menuvo_ops.backups.records import STALE_HOURS
from menuvo_ops.rollout.clock import age_in_seconds
from menuvo_ops.rollout.database import revision
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.scene import Scene


def backup(scene: Scene) -> Iterator[Problem]:
    if scene.options.accept_stale_backup:
        return
    age = newest_backup_hours(_listed_backups(scene))
    if age is None or age > STALE_HOURS:
        told = "There is no backup" if age is None else f"The last backup is {age:.0f} h old"
        yield Problem(
            told,
            "Make one: menuvo backup now. Or go on with --accept-stale-backup.",
        )


class _Backup(TypedDict, total=False):
    outcome: str
    ended: str


def _listed_backups(scene: Scene) -> str:
    argv = ["menuvo-backup", "list", "--json"]
    return scene.stack.execute(scene.container("postgres-backup"), argv)


def newest_backup_hours(listed: str) -> float | None:
    """From what `menuvo-backup list --json` printed; None without a good one."""
    ages = [
        age_in_seconds(one.get("ended", "")) / 3600
        for one in cast("list[_Backup]", json.loads(listed))
        if one.get("outcome") == "good"
    ]
    return min(ages, default=None)


def schema(scene: Scene) -> Iterator[Problem]:
    applied = revision(scene)
    needed, target = scene.target.schema.oldest, scene.target.schema
    least = scene.previous.schema.least_head(applied) if scene.previous else ""
    if target.head < least:
        yield Problem(
            f"The database is at schema {applied}, for which a release needs schema {least};"
            f" {scene.target.version} has {target.head}",
            _newer_ones(scene, least),
        )
    if applied is not None and applied < needed and scene.target.restores:
        yield Problem(
            f"{scene.target.version} needs schema {needed} and the database is at {applied}",
            "Deploy that version instead: menuvo deploy --version migrates.",
        )
    if scene.previous is None:
        return
    running = scene.previous.schema.head
    for step in target.pending_contracts(applied, running=running):
        yield Problem(
            f"Migration {step} takes away what schema {running} of {scene.previous.name} uses",
            f"Deploy a release with schema {target.contracts[step]} first; it can live with that.",
        )


def _newer_ones(scene: Scene, least: str) -> str:
    able = [one.name for one in scene.archive.releases() if one.schema.head >= least]
    choices = f"These can come back: {', '.join(able)}. " if able else ""
    return f"{choices}Or restore a backup from before that migration (its orders would be lost)."
