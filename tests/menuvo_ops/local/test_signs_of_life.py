"""A service that lives and does nothing: who is started again for it, and who never is."""

import asyncio
import os
import signal
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.menuvo_ops.local.test_supervisor import running
from tests.menuvo_ops.standins import Alive, program, web_service

from menuvo_ops.local import keeper
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HeartbeatProbe, HttpProbe, Probe
from menuvo_ops.local.services import Service, State

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_PAUSE_WHILE_HEALTHY", 0.05)


@dataclass
class Counted:
    """The answers of another probe, and how often it was asked."""

    probe: Probe
    asked: int = 0

    def healthy(self) -> bool:
        self.asked += 1
        return self.probe.healthy()

    async def asked_again(self, times: int) -> None:
        wanted = self.asked + times
        async with asyncio.timeout(20):
            while self.asked < wanted:
                await asyncio.sleep(0.01)


@dataclass(frozen=True)
class Exists:
    file: Path

    def healthy(self) -> bool:
        return self.file.exists()


async def test_a_service_that_hangs_is_started_again_after_a_pause(tmp_path: Path) -> None:
    front = web_service("front")
    assert front.probe
    hanging = replace(front, sign_of_life=front.probe, patience=0.1)
    async with running([hanging], tmp_path) as run:
        first = await run.until("front", State.HEALTHY)
        assert first.pid
        before = len(run.seen)
        os.kill(first.pid, signal.SIGSTOP)

        pausing = await run.until("front", State.RESTARTING, after=before)
        assert pausing.detail.startswith("no sign of life for 0 s, again in 0.")

        again = await run.until("front", State.HEALTHY, after=before)
        assert again.pid != first.pid
        assert again.restarts == 1


async def test_a_service_that_lives_and_cannot_be_used_is_left_alone(tmp_path: Path) -> None:
    """As an instance that drains, or whose schema is another one."""
    ready = tmp_path / "ready"
    ready.touch()
    life = Counted(Alive())
    instance = replace(web_service("front"), probe=Exists(ready), sign_of_life=life, patience=0)
    async with running([instance], tmp_path) as run:
        pid = run.supervisor.statuses()[0].pid
        before = len(run.seen)
        ready.unlink()
        await run.until("front", State.UNHEALTHY, after=before)
        await life.asked_again(5)
        assert run.supervisor.state == "degraded"
        assert run.supervisor.statuses()[0].pid == pid
        ready.touch()
        await run.until("front", State.HEALTHY, after=before)
    assert not run.moments(State.RESTARTING)


async def test_a_service_without_a_sign_of_life_is_never_started_again_for_its_silence(
    tmp_path: Path,
) -> None:
    """As PostgreSQL, which may be repairing itself."""
    store = web_service("store")
    assert store.probe
    asked = Counted(HttpProbe(int((store.url or "").rpartition(":")[2]), "/"))
    async with running([replace(store, probe=asked, patience=0)], tmp_path) as run:
        first = await run.until("store", State.HEALTHY)
        assert first.pid
        before = len(run.seen)
        os.kill(first.pid, signal.SIGSTOP)
        await run.until("store", State.UNHEALTHY, after=before)
        await asked.asked_again(2)
        os.kill(first.pid, signal.SIGCONT)
        again = await run.until("store", State.HEALTHY, after=before)
        assert again.pid == first.pid


async def test_a_service_that_came_back_and_is_not_ready_yet_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = tmp_path / "ready"
    ready.touch()
    life = Counted(Alive())
    instance = replace(web_service("front"), probe=Exists(ready), sign_of_life=life)
    async with running([instance], tmp_path) as run:
        first = run.supervisor.statuses()[0]
        assert first.pid
        monkeypatch.setattr(keeper, "_START_PATIENCE", 0.1)
        before = len(run.seen)
        ready.unlink()
        os.kill(first.pid, signal.SIGKILL)
        await run.until("front", State.RESTARTING, after=before)
        waiting = await run.until("front", State.STARTING, after=before)
        unready = await run.until("front", State.UNHEALTHY, after=run.seen.index(waiting))
        await life.asked_again(5)
        assert run.supervisor.statuses()[0].pid == unready.pid
        ready.touch()
        again = await run.until("front", State.HEALTHY, after=run.seen.index(unready))
        assert (again.pid, again.restarts) == (unready.pid, 1)


async def test_the_heartbeat_of_an_earlier_life_does_not_count(tmp_path: Path) -> None:
    heart, gate = tmp_path / "heart", tmp_path / "gate"
    heart.touch()
    gate.touch()
    beating = (
        "import pathlib, time\n"
        f"while not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.01)\n"
        f"pathlib.Path({str(heart)!r}).touch(); time.sleep(600)"
    )
    asked = Counted(HeartbeatProbe(heart))
    worker = Service("worker", program(beating), probe=asked, heartbeat=heart)
    async with running([worker], tmp_path) as run:
        first = await run.until("worker", State.HEALTHY)
        assert first.pid
        before = len(run.seen)
        gate.unlink()
        os.kill(first.pid, signal.SIGKILL)
        await run.until("worker", State.STARTING, after=before)
        await asked.asked_again(3)
        assert run.supervisor.statuses()[0].state is State.STARTING
        gate.touch()
        assert (await run.until("worker", State.HEALTHY, after=before)).pid != first.pid


def test_a_heartbeat_is_young_and_tells_no_trouble(tmp_path: Path) -> None:
    heart = tmp_path / "heart"
    healthy, lives = HeartbeatProbe(heart), HeartbeatProbe(heart, whatever_it_says=True)
    assert (healthy.healthy(), lives.healthy()) == (False, False)
    heart.touch()
    assert (healthy.healthy(), lives.healthy()) == (True, True)
    heart.write_text("the database does not answer")
    assert (healthy.healthy(), lives.healthy()) == (False, True)
    heart.write_text("")
    then = time.time() - 31
    os.utime(heart, (then, then))
    assert (healthy.healthy(), lives.healthy()) == (False, False)


def test_whoever_answers_anything_lives() -> None:
    assert not HttpProbe(free_port(), "/", whatever_it_says=True).healthy()
