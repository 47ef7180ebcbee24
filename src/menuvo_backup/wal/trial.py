"""A recovery for trial: all of it is done, and nothing of it is kept."""

import shutil
from dataclasses import replace

from menuvo_backup.bucket import PATIENT, Patience
from menuvo_backup.settings import Settings
from menuvo_backup.wal.recover import Recovered, Wanted, recover

_PLACE = "trial"


async def try_recovery(
    settings: Settings, wanted: Wanted, patience: Patience = PATIENT
) -> Recovered:
    """In the folder of the backups, where there is room. Raises BackupError, after it was logged.

    One that was killed at its very end is cleared by the next, as `recover` clears all others.
    """
    place = settings.folder / _PLACE
    shutil.rmtree(place, ignore_errors=True)
    try:
        return await recover(settings, replace(wanted, into=place), patience)
    finally:
        shutil.rmtree(place, ignore_errors=True)
