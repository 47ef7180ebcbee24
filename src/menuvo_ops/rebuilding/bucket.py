"""What the bucket has, asked before anything is begun: in a container that leaves nothing."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, cast

from menuvo_ops.backups.events import facts_of
from menuvo_ops.backups.records import LATEST, Backup, parse
from menuvo_ops.backups.service import RESTORE
from menuvo_ops.commands import docker
from menuvo_ops.environment import Deployment, examine
from menuvo_ops.environment.values import text
from menuvo_ops.errors import CommandFailed, NotReady
from menuvo_ops.rollout.stack import Stack

# A key is refused at once, and an address that nobody answers at is tried several times.
_SECONDS = 180
_FOLDER = "/tmp/backups"  # noqa: S108, in a container of its own
_SCRIPT = f"mkdir -p {_FOLDER} && menuvo-backup recall >&2 && exec menuvo-backup list --json"
_SETTINGS = ("ENDPOINT", "REGION", "BUCKET", "PREFIX")
_KEYS = ("backup_s3_access_key_id", "backup_s3_secret_access_key")
_SHOWN = 5


class _Service(TypedDict):
    image: str


class _Config(TypedDict):
    services: dict[str, _Service]


def backups_in_bucket(stack: Stack, draft: Path) -> list[Backup]:
    """The newest first. Raises NotReady with what the bucket said."""
    values = examine(Deployment(draft)).values
    environment = {f"BACKUP_S3_{name}": text(values, f"BACKUP_S3_{name}") for name in _SETTINGS}
    environment |= {f"{key.upper()}_FILE": f"/run/secrets/{key}" for key in _KEYS}
    # Nobody asks this database.
    environment |= {"BACKUP_DIR": _FOLDER, "DATABASE_URL": "postgresql://none"}
    argv = docker.run_apart(
        _image(stack, draft),
        ["sh", "-c", _SCRIPT],
        environment=environment,
        files={f"/run/secrets/{key}": draft / "secrets" / key for key in _KEYS},
    )
    try:
        return parse(stack.shell.run(argv, what="Asking the bucket", seconds=_SECONDS))
    except CommandFailed as failure:
        told, hint = _told(failure)
        raise NotReady(told, hint=hint) from failure


def choose(backups: Sequence[Backup], name: str | None) -> Backup:
    """By its id, or the newest that can be restored. Raises NotReady."""
    able = [one for one in backups if one.can_be_restored]
    for one in backups if name not in {None, LATEST} else able:
        if name in {None, LATEST, one.id}:
            return one
    if not able:
        raise NotReady(
            "The bucket has no backup that can be restored",
            hint="Are BACKUP_S3_BUCKET and BACKUP_S3_PREFIX in the recovery file the right ones?",
        )
    newest = ", ".join(one.id for one in able[:_SHOWN])
    raise NotReady(f"The bucket has no backup {name}", hint=f"Its newest are: {newest}.")


def _image(stack: Stack, draft: Path) -> str:
    printed = stack.config(stack.with_tasks(stack.project(draft)))
    config = cast("_Config", json.loads(printed))
    return config["services"][RESTORE]["image"]


def _told(failure: CommandFailed) -> tuple[str, str]:
    """The service says it in a line of its own."""
    heard = (facts_of(line) for line in failure.hint.splitlines())
    error = next((facts for facts in heard if facts and facts.get("level") == "error"), None)
    if error is None:
        return failure.message, failure.hint
    return str(error.get("cause")), str(error.get("hint"))
