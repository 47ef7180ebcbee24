"""The lock of a deployment, as whoever asks now gets it."""

import getpass
import os
import socket
import time
from pathlib import Path

from menuvo_ops.errors import LockHeld
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.lock import Lock, holder
from menuvo_ops.rollout.telling import Noted, Tell

# What a killed run has left at work keeps the lock until it has ended.
_LEFTOVER_SECONDS = 240
_PAUSE = 0.5


def take_lock(archive: Archive, tell: Tell, interruption: Interruption) -> Lock:
    """Of a deployment; see `take`."""
    return take(Lock(archive.lock, whoever()), archive.lock, tell, interruption)


def take(lock: Lock, file: Path, tell: Tell, interruption: Interruption) -> Lock:
    """Raises LockHeld at once while its owner lives; what a dead one left is waited for."""
    deadline = time.monotonic() + _LEFTOVER_SECONDS
    told = False
    while True:
        try:
            return lock.take()
        except LockHeld:
            owner = holder(file)
            if owner is None or owner.lives or time.monotonic() > deadline:
                raise
            if not told:
                tell(Noted("Waiting for what an earlier run has left at work."))
                told = True
            interruption.pause(_PAUSE)


def whoever() -> str:
    """Who asks, as the records name them: a job of CI, or a user and where they came from."""
    actor = os.environ.get("MENUVO_ACTOR")
    return actor or f"{getpass.getuser()}@{socket.gethostname()}"
