"""`menuvo down`: everything stops, in reverse order."""

import os
import shutil
import signal
import time

from menuvo_ops.errors import OpsError
from menuvo_ops.local import lock
from menuvo_ops.local.leftovers import stop_leftovers
from menuvo_ops.local.paths import Clone
from menuvo_ops.terminal import talk

# The longest grace of one service after the other, and a little more.
_PATIENCE = 180.0
_PAUSE = 0.05


def down(clone: Clone, *, delete_data: bool) -> None:
    supervisor = lock.owner(clone.lock)
    if supervisor is not None:
        os.kill(supervisor, signal.SIGTERM)
        with talk.status("Stopping"):
            wait_until_stopped(clone)
        talk.print("Stopped.")
    elif left := stop_leftovers(clone.state):
        talk.print(f"Stopped {left} processes of a run that was killed.")
    else:
        talk.print("Menuvo was not running.")
    if delete_data:
        _delete_data(clone)


def wait_until_stopped(clone: Clone) -> None:
    deadline = time.monotonic() + _PATIENCE
    while (supervisor := lock.owner(clone.lock)) is not None:
        if time.monotonic() > deadline:
            raise OpsError(
                f"Process {supervisor} still runs after {_PATIENCE:.0f} s.",
                hint=f"Kill it (kill -9 {supervisor}) and run ./menuvo down again.",
            )
        time.sleep(_PAUSE)


def _delete_data(clone: Clone) -> None:
    """Orders, menus, pictures and the passwords that open them; programs, logs and backups stay."""
    for folder in (clone.postgres, clone.redis, clone.storage, clone.gatus, clone.beszel):
        shutil.rmtree(folder, ignore_errors=True)
    kept = sum(1 for _ in clone.backups.glob("*Z/database.dump"))
    for secret in clone.secrets.glob("*"):
        # The logins that are in a backup are made with it.
        if not (kept and secret.name == "auth-secret"):
            secret.unlink()
    clone.demo.unlink(missing_ok=True)
    clone.restore.unlink(missing_ok=True)
    talk.print("Deleted the demo's data. The next ./menuvo up makes it new.")
    if kept:
        many = f"{kept} backups stay" if kept > 1 else "1 backup stays"
        talk.print(
            f"{many} in {clone.backups}, without the pictures: ./menuvo restore, once it is up "
            "again. To be rid of them too, delete that folder."
        )
