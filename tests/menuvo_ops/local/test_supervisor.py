import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from tests.menuvo_ops.standins import Alive, keeping_output, program, task, web_service
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.errors import OpsError, ServiceFailed
from menuvo_ops.local.services import Service, State, Status
from menuvo_ops.local.supervisor import Supervisor

pytestmark = pytest.mark.anyio

SILENT = "import signal; signal.pause()"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Run:
    """A supervisor, and everything it reported."""

    supervisor: Supervisor
    seen: list[Status] = field(default_factory=list[Status])

    def moments(self, *states: State) -> list[tuple[str, State]]:
        return [(status.name, status.state) for status in self.seen if status.state in states]

    async def until(self, name: str, state: State, *, after: int = 0) -> Status:
        async with asyncio.timeout(10):
            while True:
                for status in self.seen[after:]:
                    if (status.name, status.state) == (name, state):
                        return status
                await asyncio.sleep(0.01)


def prepared(services: Sequence[Service], logs: Path, ready: asyncio.Event) -> Run:
    seen: list[Status] = []
    env = {"PATH": os.environ["PATH"]}
    supervisor = Supervisor(services, logs=logs, env=env, report=seen.append, ready=ready.set)
    return Run(supervisor, seen)


@asynccontextmanager
async def running(services: Sequence[Service], logs: Path) -> AsyncGenerator[Run]:
    ready = asyncio.Event()
    run = prepared(services, logs, ready)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(run.supervisor.run())
        await ready.wait()
        yield run
        run.supervisor.stop()


async def test_services_start_when_their_needs_are_met_and_stop_in_reverse(tmp_path: Path) -> None:
    services = [
        web_service("store"),
        task("prepare", "print('prepared')", needs=("store",)),
        web_service("front", needs=("prepare",)),
        web_service("edge", needs=("front",)),
    ]
    async with running(services, tmp_path) as run:
        assert run.supervisor.state == "running"
        assert run.moments(State.STARTING, State.HEALTHY, State.DONE) == [
            ("store", State.STARTING),
            ("store", State.HEALTHY),
            ("prepare", State.STARTING),
            ("prepare", State.DONE),
            ("front", State.STARTING),
            ("front", State.HEALTHY),
            ("edge", State.STARTING),
            ("edge", State.HEALTHY),
        ]

    stopped = [name for name, _ in run.moments(State.STOPPED)]
    assert stopped == ["edge", "front", "prepare", "store"]


def around_a_database(*, migration: str = "print('migrated')") -> list[Service]:
    return [
        web_service("store"),
        replace(task("migrate", migration, needs=("store",)), uses_database=True),
        replace(web_service("front", needs=("migrate",)), uses_database=True),
        web_service("edge", needs=("front",)),
    ]


async def test_what_uses_the_database_is_held_and_run_anew_and_the_rest_goes_on(
    tmp_path: Path,
) -> None:
    async with running(around_a_database(), tmp_path) as run:
        before = {one.name: one.pid for one in run.supervisor.statuses()}
        await run.supervisor.hold("while something is done")
        held = {one.name: one for one in run.supervisor.statuses()}
        assert [name for name, one in held.items() if one.state is State.STOPPED] == [
            "migrate",
            "front",
        ]
        assert (held["front"].pid, held["front"].detail) == (None, "while something is done")
        assert (held["store"].pid, held["edge"].pid) == (before["store"], before["edge"])
        assert run.supervisor.state == "degraded"
        with pytest.raises(OpsError, match="front is held while something is done"):
            await run.supervisor.restart("front")

        seen = len(run.seen)
        await run.supervisor.let_go()
        assert run.supervisor.state == "running"
        again = [(one.name, one.state) for one in run.seen[seen:]]
        assert again.index(("migrate", State.DONE)) < again.index(("front", State.STARTING))
        edge = [state for name, state in again if name == "edge"]
        assert edge == [State.UNHEALTHY, State.HEALTHY]
        assert {name for name, _ in again} == {"migrate", "front", "edge"}
        after = {one.name: one.pid for one in run.supervisor.statuses()}
        assert after["front"] not in {None, before["front"]}
        assert after["store"] == before["store"]


async def test_what_is_held_can_be_stopped_for_good(tmp_path: Path) -> None:
    async with running(around_a_database(), tmp_path) as run:
        await run.supervisor.hold("while something is done")
    assert {one.state for one in run.supervisor.statuses()} == {State.STOPPED}


async def test_who_waits_for_a_task_that_fails_on_return_can_be_held_again(
    tmp_path: Path,
) -> None:
    mark = tmp_path / "broken"
    source = f"import pathlib; raise SystemExit(pathlib.Path({str(mark)!r}).exists())"
    async with running(around_a_database(migration=source), tmp_path / "logs") as run:
        await run.supervisor.hold("while it is broken")
        mark.touch()
        seen = len(run.seen)
        returning = asyncio.create_task(run.supervisor.let_go())
        await run.until("migrate", State.RESTARTING, after=seen)
        assert ("front", State.STARTING) not in [(one.name, one.state) for one in run.seen[seen:]]
        mark.unlink()
        await run.supervisor.hold("while it is mended")
        await run.supervisor.let_go()
        await returning
        assert run.supervisor.state == "running"


async def test_nothing_is_held_before_everything_was_up(tmp_path: Path) -> None:
    run = prepared(around_a_database(), tmp_path, asyncio.Event())
    with pytest.raises(OpsError, match="Menuvo is starting"):
        await run.supervisor.hold("too early")


async def test_a_crashed_service_is_back_after_a_pause(tmp_path: Path) -> None:
    async with running([web_service("front")], tmp_path) as run:
        first = await run.until("front", State.HEALTHY)
        assert first.pid
        before = len(run.seen)
        os.kill(first.pid, signal.SIGKILL)

        pausing = await run.until("front", State.RESTARTING, after=before)
        assert pausing.pid is None
        assert pausing.detail.startswith("killed by SIGKILL, again in 0.")

        again = await run.until("front", State.HEALTHY, after=before)
        assert again.pid != first.pid
        assert again.restarts == 1


async def test_a_service_that_never_starts_stops_everything_and_shows_its_last_lines(
    tmp_path: Path,
) -> None:
    broken = Service("broken", program("raise SystemExit('no such table')"), probe=never_healthy())
    run = prepared([web_service("store"), broken], tmp_path, asyncio.Event())

    async with asyncio.timeout(20):
        with pytest.raises(ServiceFailed, match="broken did not start: exit code 1") as failure:
            await run.supervisor.run()

    assert "no such table" in failure.value.hint
    assert str(tmp_path / "broken.log") in failure.value.hint
    assert len(run.moments(State.RESTARTING)) == 2
    assert ("store", State.STOPPED) in run.moments(State.STOPPED)


async def test_what_is_not_essential_stops_nobody_who_starts_runs_or_stops(
    tmp_path: Path,
) -> None:
    watches = [
        Service("broken", program("raise SystemExit(1)"), probe=never_healthy(), essential=False),
        Service("silent", program(SILENT), probe=never_healthy(), essential=False),
        replace(task("setting", "raise SystemExit(3)", needs=("front",)), essential=False),
    ]
    async with running([web_service("front"), *watches], tmp_path) as run:
        await run.until("broken", State.RESTARTING)
        await run.until("setting", State.RESTARTING)
        await run.until("silent", State.STARTING)
        assert run.supervisor.state == "running"
    assert {one.state for one in run.supervisor.statuses()} == {State.STOPPED}


async def test_what_is_not_essential_is_shown_as_it_is_and_comes_back(tmp_path: Path) -> None:
    watch = replace(web_service("watch", needs=("front",)), essential=False)
    async with running([web_service("front"), watch], tmp_path) as run:
        first = await run.until("watch", State.HEALTHY)
        assert first.pid
        before = len(run.seen)
        os.kill(first.pid, signal.SIGKILL)
        await run.until("watch", State.RESTARTING, after=before)
        assert run.supervisor.state == "running"
        again = await run.until("watch", State.HEALTHY, after=before)
        assert (again.restarts, again.essential) == (1, False)


async def test_what_is_not_essential_is_left_in_peace_while_others_are_held(
    tmp_path: Path,
) -> None:
    watch = replace(web_service("watch", needs=("edge",)), essential=False)
    async with running([*around_a_database(), watch], tmp_path) as run:
        await run.until("watch", State.HEALTHY)
        before = len(run.seen)
        await run.supervisor.hold("while something is done")
        await run.supervisor.let_go()
        assert "watch" not in {one.name for one in run.seen[before:]}


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    absent = Service("absent", ["/no/such/program"], probe=Alive())
    run = prepared([absent], tmp_path, asyncio.Event())

    async with asyncio.timeout(10):
        with pytest.raises(ServiceFailed, match=r"absent did not start: not started, .*/no/such"):
            await run.supervisor.run()


async def test_a_service_that_crashes_after_it_seemed_healthy_is_no_success(
    tmp_path: Path,
) -> None:
    late = Service(
        "late",
        program("import time; time.sleep(0.3); raise SystemExit('no such module')"),
        probe=Alive(),
        settles=0.2,
    )
    ready = asyncio.Event()
    run = prepared([late, task("slow", "import time; time.sleep(0.5)")], tmp_path, ready)

    async with asyncio.timeout(20):
        with pytest.raises(ServiceFailed, match="late did not start"):
            await run.supervisor.run()

    assert run.moments(State.HEALTHY) == [("late", State.HEALTHY)]
    assert not ready.is_set()


async def test_a_failed_task_is_not_tried_again(tmp_path: Path) -> None:
    services = [task("migrate", "raise SystemExit(3)"), web_service("front", needs=("migrate",))]
    run = prepared(services, tmp_path, asyncio.Event())

    async with asyncio.timeout(10):
        with pytest.raises(ServiceFailed, match="migrate did not start: exit code 3"):
            await run.supervisor.run()

    assert ("front", State.STARTING) not in run.moments(State.STARTING)


async def test_output_is_kept_when_a_task_succeeds_and_the_old_one_when_it_fails(
    tmp_path: Path,
) -> None:
    kept = tmp_path / "demo.json"
    good = keeping_output(task("seed", "print('first')"), kept)
    async with running([good], tmp_path):
        assert kept.read_text() == "first\n"

    bad = keeping_output(task("seed", "print('second'); raise SystemExit(1)"), kept)
    with pytest.raises(ServiceFailed):
        await prepared([bad], tmp_path, asyncio.Event()).supervisor.run()
    assert kept.read_text() == "first\n"


async def test_a_service_that_ignores_the_polite_signal_is_killed_after_its_grace(
    tmp_path: Path,
) -> None:
    stubborn = Service(
        "stubborn",
        program(
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "print('deaf', flush=True)\n"
            "while True: time.sleep(1)"
        ),
        probe=LogSays(tmp_path / "stubborn.log", "deaf"),
        grace=0.2,
    )
    async with running([stubborn], tmp_path) as run:
        pid = run.supervisor.statuses()[0].pid
        assert pid

    assert not alive(pid)


async def test_a_second_stop_does_not_wait_for_the_grace(tmp_path: Path) -> None:
    stubborn = Service(
        "stubborn",
        program("import signal\nwhile True: signal.sigwait([signal.SIGTERM])"),
        probe=Alive(),
        grace=60,
    )
    async with running([stubborn], tmp_path) as run:
        run.supervisor.stop()
        await run.until("stubborn", State.STOPPING)
        run.supervisor.stop()


async def test_what_a_service_started_ends_with_it(tmp_path: Path) -> None:
    parent = Service(
        "parent",
        program(
            "import subprocess, time\n"
            "print(subprocess.Popen(['sleep', '600']).pid, flush=True)\n"
            "time.sleep(600)"
        ),
        probe=LogSays(tmp_path / "parent.log", "\n"),
    )
    async with running([parent], tmp_path):
        child = int((tmp_path / "parent.log").read_text())
        assert alive(child)

    eventually(lambda: not alive(child))


async def test_a_restart_on_request_waits_until_the_service_is_healthy_again(
    tmp_path: Path,
) -> None:
    async with running([web_service("front")], tmp_path) as run:
        before = run.supervisor.statuses()[0]
        await run.supervisor.restart("front")
        after = run.supervisor.statuses()[0]

        assert after.state is State.HEALTHY
        assert after.pid != before.pid
        assert not run.moments(State.RESTARTING)


async def test_restarting_what_does_not_exist_names_what_does(tmp_path: Path) -> None:
    async with running([web_service("front"), task("once", "pass")], tmp_path) as run:
        with pytest.raises(OpsError, match="no service fornt") as refusal:
            await run.supervisor.restart("fornt")
        assert refusal.value.hint == "There are: front."


async def test_a_stop_in_the_middle_of_the_start_leaves_nothing_running(tmp_path: Path) -> None:
    slow = task("migrate", "import time; time.sleep(600)")
    run = prepared([slow, web_service("front", needs=("migrate",))], tmp_path, asyncio.Event())
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(run.supervisor.run())
        pid = (await run.until("migrate", State.STARTING)).pid
        run.supervisor.stop()

    assert not alive(pid)
    assert not run.moments(State.HEALTHY)


@dataclass(frozen=True)
class LogSays:
    """Healthy once a service has written something to its log."""

    log: Path
    text: str

    def healthy(self) -> bool:
        return self.log.exists() and self.text in self.log.read_text()


def never_healthy() -> LogSays:
    return LogSays(Path("/dev/null/never"), "")


def alive(pid: int | None) -> bool:
    """A process that ended and was not asked for its exit code yet has no command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except (FileNotFoundError, ProcessLookupError):
        return False
