"""`serve` as its container runs it: a process that gets signals."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from menuvo_backup.monitor import BACKUPS
from menuvo_backup.records import DUMP, Content, Record, id_of
from menuvo_backup.schedule import Schedule
from menuvo_backup.scheduler import Plan, plan
from tests.menuvo_backup.conftest import Service, cron_in
from tests.menuvo_backup.monitors import Stub
from tests.menuvo_backup.object_server import ObjectServer
from tests.menuvo_backup.stalling import stalling_way
from tests.menuvo_ops.waiting import eventually

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

NIGHTLY = Schedule("30 3 * * *", ZoneInfo("Europe/Berlin"))
BEGAN = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SINCE = BEGAN - timedelta(days=9)


def a_record(**values: object) -> Record:
    return Record(**{"id": id_of(BEGAN), "outcome": "good", **values})  # type: ignore[arg-type]


def test_nothing_was_made_yet_so_the_first_night_is_next() -> None:
    assert plan(NIGHTLY, since=BEGAN, last=None, uploads=True) == Plan("now", BEGAN + 24 * HOUR)


def test_a_failed_dump_is_made_again_and_a_failed_upload_only_sent() -> None:
    failed = a_record(outcome="failed", ended=BEGAN + HOUR)
    dump = Content(bytes=5, sha256="0" * 64)
    only_here = a_record(outcome="failed", ended=BEGAN + HOUR, dump=dump)
    again = BEGAN + 2 * HOUR
    assert plan(NIGHTLY, since=SINCE, last=failed, uploads=True) == Plan("now", again)
    assert plan(NIGHTLY, since=SINCE, last=only_here, uploads=True) == Plan("upload", again)
    assert plan(NIGHTLY, since=SINCE, last=only_here, uploads=False) == Plan("now", again)


def test_when_the_next_night_comes_a_fresh_dump_is_made() -> None:
    dump = Content(bytes=5, sha256="0" * 64)
    only_here = a_record(outcome="failed", ended=BEGAN + 23.5 * HOUR, dump=dump)
    tomorrow = BEGAN + 24 * HOUR
    assert plan(NIGHTLY, since=SINCE, last=only_here, uploads=True) == Plan("now", tomorrow)


@contextmanager
def serving(service: Service) -> Generator[subprocess.Popen[bytes]]:
    process = start(service, "serve")
    assert process.stdout is not None
    try:
        # From here on it hears signals.
        assert event_of(process.stdout.readline()) == "schedule_started"
        yield process
    finally:
        process.kill()
        process.communicate()


def start(service: Service, verb: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **service.environment}
    environment["PATH"] = os.environ["PATH"]
    return subprocess.Popen(
        [sys.executable, "-m", "menuvo_backup", verb],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def missed_since_days(service: Service) -> Service:
    """As if the container had been down for some nights."""
    service.catalog.remember_since(datetime.now(UTC) - timedelta(days=3))
    return service


def records(service: Service) -> list[Record]:
    return service.catalog.list_records()


def outcomes(service: Service) -> list[str]:
    return [record.outcome for record in records(service)]


def event_of(line: bytes) -> str:
    return json.loads(line)["event"]


def stopped(process: subprocess.Popen[bytes]) -> tuple[float, list[str]]:
    """How many seconds it took after SIGTERM, and the events it told."""
    asked = datetime.now(UTC)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0, output.decode()
    took = (datetime.now(UTC) - asked).total_seconds()
    return took, [event_of(line) for line in output.splitlines()]


def test_missed_nights_are_made_up_for_once(service: Service) -> None:
    with serving(missed_since_days(service)) as process:
        eventually(lambda: outcomes(service) == ["good"], within=60)
        _, events = stopped(process)
    assert events.count("backup_started") == 1
    with serving(service) as process:
        assert is_healthy(service)
        _, events = stopped(process)
    assert events == ["schedule_stopped"]
    assert records(service)[0].uploaded


def is_healthy(service: Service) -> bool:
    asked = start(service, "healthy")
    asked.communicate()
    return asked.returncode == 0


def test_a_container_that_is_stopped_in_mid_dump_leaves_nothing_and_makes_up_for_it(
    service: Service, lock_the_table: Callable[[], Generator[None]]
) -> None:
    with serving(missed_since_days(service)) as process, contextmanager(lock_the_table)():
        took, events = stopped(process)
    assert took < 5
    assert "backup_interrupted" in events
    assert records(service) == []
    assert service.leftovers() == []
    with serving(service):
        eventually(lambda: outcomes(service) == ["good"], within=60)


def test_a_run_that_the_kernel_kills_is_said_to_have_failed_at_once(
    service: Service, lock_the_table: Callable[[], Generator[None]]
) -> None:
    with serving(missed_since_days(service)) as process:
        with contextmanager(lock_the_table)():
            os.kill(child_of(process.pid), signal.SIGKILL)
            eventually(lambda: outcomes(service) == ["failed"], within=60)
        assert "killed" in records(service)[0].cause
        assert service.leftovers() == []
        assert not is_healthy(service)


def child_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


@pytest.fixture
def lock_the_table(service: Service) -> Callable[[], Generator[None]]:
    """Holds up a dump in its middle, until the block ends."""

    def locked() -> Generator[None]:
        holder = subprocess.Popen(
            ["psql", "--quiet", "--no-psqlrc", service.environment["DATABASE_URL"]],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        assert holder.stdin is not None
        holder.stdin.write(b"BEGIN; LOCK TABLE noise IN ACCESS EXCLUSIVE MODE;\n")
        holder.stdin.flush()
        eventually(lambda: a_dump_waits(service), within=60)
        yield
        holder.communicate()

    return locked


def a_dump_waits(service: Service) -> bool:
    import asyncio

    async def ask() -> bool:
        connection = await asyncpg.connect(service.environment["DATABASE_URL"])
        try:
            return bool(
                await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted")
            )
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_of_two_runs_at_once_the_second_is_refused(
    service: Service, lock_the_table: Callable[[], Generator[None]]
) -> None:
    first = start(service, "now")
    with contextmanager(lock_the_table)():
        second = start(service, "now")
        output, _ = second.communicate()
        assert second.returncode == 4
        assert b"Another backup is running" in output
    first.communicate()
    assert first.returncode == 0
    assert outcomes(service) == ["good"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_an_upload_that_is_ended_in_its_middle_is_finished_at_the_next_start(
    service: Service, object_server: ObjectServer, number: signal.Signals
) -> None:
    """The line is silent, so nothing but the signal ends it."""
    with stalling_way(object_server.port, passes=50_000) as way:
        endpoint = f"http://127.0.0.1:{way.port}"
        process = start(service.with_(BACKUP_S3_ENDPOINT=endpoint), "now")
        assert way.reached.wait(60)
        process.send_signal(number)
        process.communicate(timeout=5)
    assert process.returncode == {signal.SIGTERM: 143, signal.SIGKILL: -9}[number]
    (record,) = records(service)
    assert (service.catalog.path(record) / DUMP).exists()
    assert record.id not in " ".join(object_server.files())
    with serving(service):
        eventually(lambda: outcomes(service) == ["good"], within=60)
    assert service.catalog.get(record.id).uploaded
    assert f"{record.id}/{DUMP}" in object_server.files()


def test_a_dump_that_is_only_here_is_sent_at_the_start_even_shortly_before_the_next_night(
    service: Service, object_server: ObjectServer
) -> None:
    with stalling_way(object_server.port, passes=0) as way:
        unreachable = service.with_(BACKUP_S3_ENDPOINT=f"http://127.0.0.1:{way.port}")
        process = start(unreachable, "now")
        assert way.reached.wait(60)
        process.kill()
        process.communicate()
    (record,) = records(service)
    assert record.id not in " ".join(object_server.files())
    with serving(service.with_(BACKUP_CRON=cron_in(timedelta(minutes=40)))):
        eventually(lambda: outcomes(service) == ["good"], within=60)
    assert f"{record.id}/{DUMP}" in object_server.files()


def test_the_monitor_hears_of_a_run_at_once_whatever_became_of_it(service: Service) -> None:
    with Stub().listening() as stub, serving(missed_since_days(told_by(service, stub))):
        eventually(lambda: outcomes(service) == ["good"], within=60)
        eventually(lambda: stub.heard_of(BACKUPS)[-1].get("duration"), within=10)
    heard = stub.heard_of(BACKUPS)
    assert heard[0]["error"] == "A backup is missing."
    assert heard[-1]["success"] == "true"


def test_the_monitor_hears_of_a_run_that_failed(service: Service) -> None:
    broken = service.with_(BACKUP_S3_BUCKET="another")
    with Stub().listening() as stub, serving(missed_since_days(told_by(broken, stub))):
        eventually(lambda: outcomes(service) == ["failed"], within=60)
        told = f"{records(service)[0].id} failed"
        eventually(lambda: told in stub.heard_of(BACKUPS)[-1]["error"], within=10)


def test_a_monitor_that_says_nothing_holds_nobody_up(service: Service) -> None:
    silent = Stub(status=None).listening()
    with silent as stub, serving(missed_since_days(told_by(service, stub))) as process:
        eventually(lambda: stub.heard, within=10)
        eventually(lambda: outcomes(service) == ["good"], within=60)
        took, events = stopped(process)
    assert took < 5
    assert events.count("monitor_not_told") <= 1


def told_by(service: Service, stub: Stub) -> Service:
    settings = stub.settings
    return service.with_(BACKUP_MONITOR_URL=settings.url, BACKUP_MONITOR_TOKEN=str(settings.token))
