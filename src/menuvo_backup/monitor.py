"""Tells the monitor how backups are doing, and the disk they lie on, so that a failure raises an
alert, and silence another.

The monitor's page is public. So it hears what is wrong and how old the last backup is; why it is
wrong stands in the records, which `menuvo backup list` shows.
"""

import http.client
import shutil
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from menuvo_backup import log
from menuvo_backup.complaints import Complaint
from menuvo_backup.drills import find_complaints_of_drills
from menuvo_backup.health import find_age, find_complaints_of_backups
from menuvo_backup.settings import MonitorSettings, Watch
from menuvo_backup.wal.status import Memory, find_complaints_of_the_log

# A report that is lost, and a restart of this service, are no silence yet.
PERIOD_SECONDS = 30.0
RETRY_SECONDS = 10.0
# As `menuvo env init` names the endpoints in Gatus's configuration, which a meta test holds.
BACKUPS = "operations_backups"
ARCHIVE = "operations_archive"
DRILL = "operations_restore-drill"
DISK = "operations_disk"
ENDPOINTS = (BACKUPS, ARCHIVE, DRILL, DISK)
_LEAST_FREE_SHARE = 0.1
_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class State:
    """`error` is empty while all is well. `age` is None before there is a backup that counts, and
    where nothing has one."""

    error: str
    age: timedelta | None = None


def look(watch: Watch, now: datetime) -> Mapping[str, State]:
    """By endpoint."""
    states = {
        BACKUPS: _backups(watch, now),
        DRILL: _state(find_complaints_of_drills(watch.folder, now)),
        DISK: _disk(watch.folder),
    }
    if watch.archives:
        states[ARCHIVE] = _state(find_complaints_of_the_log(Memory(watch.folder), now))
    return states


@contextmanager
def telling(settings: MonitorSettings | None, watch: Watch) -> Generator[Callable[[], None]]:
    """Every half a minute, in a thread that holds nobody up; what it gives asks it to tell at once.
    Without a monitor that does nothing."""
    news, over = threading.Event(), threading.Event()
    if settings is not None:
        work = (settings, watch, news, over)
        threading.Thread(target=_tell_until, args=work, daemon=True).start()
    try:
        yield news.set
    finally:
        over.set()
        news.set()


def push(settings: MonitorSettings, endpoint: str, state: State) -> None:
    """The age goes as the duration, so the page's chart of answering times is the backup's age."""
    query = {"success": "false" if state.error else "true"}
    if state.error:
        query["error"] = state.error
    if state.age is not None:
        query["duration"] = f"{state.age.total_seconds():.0f}s"
    request = Request(  # noqa: S310, the setting is of http
        f"{settings.url}/api/v1/endpoints/{endpoint}/external?{urlencode(query)}",
        method="POST",
        headers={"Authorization": f"Bearer {settings.token}"},
    )
    with urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310
        pass


def _tell_until(
    settings: MonitorSettings, watch: Watch, news: threading.Event, over: threading.Event
) -> None:
    told = ""
    while not over.is_set():
        trouble = _tell(settings, watch)
        # Once for each change: a monitor that is away for a night is one line.
        if trouble and trouble != told:
            log.warning("monitor_not_told", cause=trouble, hint="Its own alert is for silence.")
        elif told and not trouble:
            log.info("monitor_told_again")
        told = trouble
        _ = news.wait(RETRY_SECONDS if trouble else PERIOD_SECONDS)
        news.clear()


def _tell(settings: MonitorSettings, watch: Watch) -> str:
    """What went wrong with it; empty when nothing did."""
    try:
        for endpoint, state in look(watch, datetime.now(UTC)).items():
            push(settings, endpoint, state)
    except HTTPError as error:
        error.close()
        return f"The monitor answered {error.code}."
    except URLError as error:
        return f"The monitor was not reached: {error.reason}."
    except (OSError, http.client.HTTPException) as error:
        return f"The monitor was not asked: {type(error).__name__}: {error}."
    return ""


def _backups(watch: Watch, now: datetime) -> State:
    age = find_age(watch, now)
    told = _state(find_complaints_of_backups(watch, now)).error
    if told and age is not None:
        kind = "verified backup" if watch.verifies else "backup"
        told = f"{told} The last {kind} is {age / timedelta(hours=1):.0f} hours old."
    return State(told, age)


def _disk(folder: Path) -> State:
    """Of the whole server: this folder is a volume, and lies where all volumes do."""
    usage = shutil.disk_usage(folder)
    is_filling = usage.free < _LEAST_FREE_SHARE * usage.total
    return State("Less than a tenth of the disk is free." if is_filling else "")


def _state(complaints: Iterable[Complaint]) -> State:
    return State(" ".join(f"{complaint.what}." for complaint in complaints))
