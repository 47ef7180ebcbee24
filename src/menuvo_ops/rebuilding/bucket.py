"""What the bucket has, asked before anything is begun: in a container that leaves nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.backups.events import facts_of
from menuvo_ops.backups.records import LATEST, Backup, parse
from menuvo_ops.backups.service import RECOVERY, RESTORE
from menuvo_ops.backups.window import Window
from menuvo_ops.backups.window import parse as parse_window
from menuvo_ops.commands import docker
from menuvo_ops.environment import Deployment, examine
from menuvo_ops.environment.values import text
from menuvo_ops.errors import CommandFailed, NotReady
from menuvo_ops.rollout.stack import Stack

# A key is refused at once, and an address that nobody answers at is tried several times.
_SECONDS = 180
_FOLDER = "/tmp/backups"  # noqa: S108, in a container of its own
_LIST = f"mkdir -p {_FOLDER} && menuvo-backup recall >&2 && menuvo-backup list --json"
_WINDOW = "menuvo-backup window --json"
_TOO_OLD = Window((), "The release is from before there was an archive.")
_SETTINGS = ("ENDPOINT", "REGION", "BUCKET", "PREFIX")
_KEYS = ("backup_s3_access_key_id", "backup_s3_secret_access_key")
_SHOWN = 5


@dataclass(frozen=True)
class Holdings:
    """`backups` are the newest first, `window` is where the archive leads."""

    backups: Sequence[Backup]
    window: Window

    @property
    def newest(self) -> Backup | None:
        return next((one for one in self.backups if one.can_be_restored), None)


def ask_bucket(stack: Stack, draft: Path) -> Holdings:
    """Raises NotReady with what the bucket said."""
    project = stack.with_tasks(stack.project(draft))
    has_archive = RECOVERY in stack.config_hashes(project)
    values = examine(Deployment(draft)).values
    environment = {f"BACKUP_S3_{name}": text(values, f"BACKUP_S3_{name}") for name in _SETTINGS}
    environment |= {f"{key.upper()}_FILE": f"/run/secrets/{key}" for key in _KEYS}
    # Nobody asks this database.
    environment |= {"BACKUP_DIR": _FOLDER, "DATABASE_URL": "postgresql://none"}
    argv = docker.run_apart(
        stack.image_of(project, RESTORE),
        ["sh", "-c", f"{_LIST} && {_WINDOW}" if has_archive else _LIST],
        environment=environment,
        files={f"/run/secrets/{key}": draft / "secrets" / key for key in _KEYS},
    )
    try:
        told = stack.shell.run(argv, what="Asking the bucket", seconds=_SECONDS).splitlines()
    except CommandFailed as failure:
        cause, hint = _told(failure)
        raise NotReady(cause, hint=hint) from failure
    return Holdings(parse(told[0]), parse_window(told[1]) if has_archive else _TOO_OLD)


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


def _told(failure: CommandFailed) -> tuple[str, str]:
    """The service says it in a line of its own."""
    heard = (facts_of(line) for line in failure.hint.splitlines())
    error = next((facts for facts in heard if facts and facts.get("level") == "error"), None)
    if error is None:
        return failure.message, failure.hint
    return str(error.get("cause")), str(error.get("hint"))
