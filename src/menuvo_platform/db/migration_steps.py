"""One step of the schema: a transaction, tried again when it meets a lock that is held."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from menuvo_platform.db.revisions import VERSIONS, Revision
from menuvo_platform.db.sessions_at_work import find_oldest_transaction

if TYPE_CHECKING:
    from alembic.config import Config

Say = Callable[[str], None]

LOCK_NOT_AVAILABLE = "55P03"
_PASSING = {LOCK_NOT_AVAILABLE: "a lock was not to be had", "40P01": "it met a deadlock"}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a migration waits for others, in seconds."""

    # For one lock. Whoever comes after the waiting migration waits behind it, so this must not be
    # longer than a request waits for a connection.
    lock: float = 5.0
    # For all tries of one step together, and for another migration to end.
    step: float = 60.0
    turn: float = 60.0
    first_pause: float = 0.5
    longest_pause: float = 8.0


PATIENCE = Patience()


class StepStopped(Exception):
    """A step did not come to its end; its transaction is gone, the steps before it stay."""

    def __init__(self, step: Revision, reason: str, remedy: str = "") -> None:
        self.step: Revision = step
        self.reason: str = reason
        self.remedy: str = remedy
        super().__init__(f"{step}: {reason}")


async def apply(
    connection: AsyncConnection,
    step: Revision,
    say: Say,
    *,
    patience: Patience = PATIENCE,
    versions: Path = VERSIONS,
) -> None:
    """Raises StepStopped; what the step did is rolled back then."""
    began = time.monotonic()
    pause = patience.first_pause
    tries = 0
    say(f"{step} ...")
    while True:
        tries += 1
        try:
            await connection.run_sync(_upgrade, step.number, versions)
        except asyncio.CancelledError as stop:
            raise StepStopped(step, "it was told to stop in the middle") from stop
        except DBAPIError as error:
            trouble = _PASSING.get(sqlstate(error))
            if trouble is None:
                raise StepStopped(step, message(error)) from error
            await connection.rollback()
            spent = time.monotonic() - began
            hint = await _whom_to_ask(connection)
            if spent + pause > patience.step:
                reason = f"{trouble} in {tries} tries over {spent:.0f} s{hint}: {message(error)}"
                remedy = "Deploy again when that is done, or end it."
                raise StepStopped(step, reason, remedy) from error
            say(f"{step} ... {trouble} (try {tries}){hint}; next try in {pause:g} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, patience.longest_pause)
        else:
            break
    say(f"{step} ... done in {time.monotonic() - began:.1f} s")


def sqlstate(error: DBAPIError) -> str:
    return cast("str", getattr(error.orig, "sqlstate", None) or "")


def message(error: BaseException) -> str:
    """What PostgreSQL said. What wraps it names its own class first, which helps nobody."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return str(cause.__cause__ or cause).strip().splitlines()[0]


async def _whom_to_ask(connection: AsyncConnection) -> str:
    oldest = await find_oldest_transaction(connection)
    return f"; the oldest open transaction is of {oldest}" if oldest else ""


def _upgrade(connection: Connection, number: str, versions: Path) -> None:
    from alembic import command

    config = alembic_config(versions)
    config.attributes["connection"] = connection
    command.upgrade(config, number)


def alembic_config(versions: Path = VERSIONS) -> "Config":
    from alembic.config import Config

    config = Config()
    # A % would begin an interpolation.
    config.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config
