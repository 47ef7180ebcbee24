"""Keeps one service alive: starts it, asks how it is, starts it again, stops it."""

import asyncio
import os
import signal
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from menuvo_ops.errors import ServiceFailed
from menuvo_ops.local.backoff import STEADY, delay_after
from menuvo_ops.local.logs import last_lines, log_file, open_log
from menuvo_ops.local.services import Service, State, Status

Report: TypeAlias = Callable[[Status], None]

_START_ATTEMPTS = 3
_START_PATIENCE = 60.0
_PAUSE_WHILE_STARTING = 0.05
_PAUSE_WHILE_HEALTHY = 2.0


class Keeper:
    """`up` is set once the service has been healthy, or done; `gone` once it was stopped; `held`
    while it is to stay stopped and everything else goes on.

    Until `established` an essential service that crashes three times in a row is given up.
    """

    def __init__(
        self,
        service: Service,
        *,
        logs: Path,
        env: Mapping[str, str],
        report: Report,
        established: asyncio.Event,
    ) -> None:
        self.service = service
        self.status = Status(service.name, url=service.url, essential=service.essential)
        self.up = asyncio.Event()
        self.gone = asyncio.Event()
        self.held = asyncio.Event()
        self._logs = logs
        self._env = {**env, **service.env}
        self._report = report
        self._process: Process | None = None
        self._established = established
        self._crashes = 0
        self._fell_silent = False
        self._stopping = False
        self._healthy = asyncio.Event()
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Return when the service was stopped or held, or its task is done.

        Raises ServiceFailed when it is given up; later than that it is tried again for ever.
        """
        while not self._is_unwanted:
            began = time.monotonic()
            ending = await self._live()
            if self._is_unwanted or self.status.state is State.DONE:
                return
            steady = time.monotonic() - began >= STEADY and not self._fell_silent
            self._crashes = 1 if steady else self._crashes + 1
            if self._is_hopeless:
                self._become(State.FAILED, ending)
                raise ServiceFailed(
                    f"{self.service.name} did not start: {ending}.", hint=self._last_words()
                )
            await self._wait_before_restart(ending, delay_after(self._crashes))

    async def restart(self) -> None:
        """Stop politely, start at once; ServiceFailed when it is not healthy in time."""
        self._wake.set()
        await self._end_process(self.service.grace)
        self._healthy.clear()
        if not await first_of(self._healthy, self.gone, within=_START_PATIENCE):
            raise ServiceFailed(
                f"{self.service.name} did not come back in {_START_PATIENCE:.0f} s.",
                hint=self._last_words(),
            )

    async def hold(self, why: str) -> None:
        """Stop politely; it stays so until it is let go and run anew."""
        self.held.set()
        self._wake.set()
        if self._process and self._process.returncode is None:
            self._become(State.STOPPING)
            await self._end_process(self.service.grace)
        self.up.clear()
        self._become(State.STOPPED, why)

    def let_go(self) -> None:
        self.held.clear()
        self.up.clear()
        self._wake.clear()
        self._crashes = 0
        self._become(State.WAITING)

    def doubt(self) -> None:
        """What it needs was away: how it is, only its next answer tells."""
        if self.status.state is State.HEALTHY:
            self._become(State.UNHEALTHY, "waits for what it needs")

    async def stop(self, hurry: asyncio.Event) -> None:
        """Ask, wait for the service's grace or until `hurry`, then insist."""
        self._stopping = True
        self._wake.set()
        if self._process and self._process.returncode is None:
            self._become(State.STOPPING)
            await self._end_process(self.service.grace, hurry)
        self._become(State.STOPPED)
        self.gone.set()

    @property
    def _is_unwanted(self) -> bool:
        return self._stopping or self.held.is_set()

    @property
    def _is_hopeless(self) -> bool:
        given_up = self._is_task or self._crashes >= _START_ATTEMPTS
        return given_up and self.service.essential and not self._established.is_set()

    @property
    def _is_task(self) -> bool:
        return self.service.probe is None

    async def _live(self) -> str:
        """One life from start to exit; returns how it ended."""
        try:
            self._process = process = await self._start()
        except OSError as error:
            return f"not started, {error}"
        if self._is_unwanted:
            self._kill(process)
        else:
            self._become(State.STARTING)
        ended = asyncio.create_task(process.wait())
        try:
            reason = None if self._is_task else await self._watch(ended)
            if reason:
                self._kill(process)
                await ended
                return reason
            code = await ended
            self._kill(process)
        finally:
            ended.cancel()
            self._healthy.clear()
        if self._is_task:
            self._keep_output(succeeded=code == 0)
        if self._is_task and code == 0:
            self._become(State.DONE)
            self.up.set()
        return _describe(code)

    async def _start(self) -> Process:
        if self.service.heartbeat:
            self.service.heartbeat.unlink(missing_ok=True)
        with open_log(self._logs, self.service.name) as log:
            output = self._partial_output.open("wb") if self._partial_output else None
            try:
                return await asyncio.create_subprocess_exec(
                    *self.service.argv,
                    env=self._env,
                    stdin=DEVNULL,
                    stdout=output or log,
                    stderr=log if output else STDOUT,
                    start_new_session=True,
                )
            finally:
                if output:
                    output.close()

    async def _watch(self, ended: asyncio.Task[int]) -> str | None:
        """Ask for health until the process ended; returns why it is to be killed, if it is."""
        probe = self.service.probe
        self._fell_silent = False
        await asyncio.wait([ended], timeout=self.service.settles * (1 + self._crashes))
        started = seen_alive = time.monotonic()
        while probe and not ended.done():
            healthy = await asyncio.to_thread(probe.healthy)
            alive = healthy or await self._shows_life()
            if ended.done():
                break
            now = time.monotonic()
            was_up = self.status.state in (State.HEALTHY, State.UNHEALTHY)
            late = now - started > _START_PATIENCE
            if alive or not (was_up or late):
                seen_alive = now
            if now - seen_alive > self.service.patience:
                self._fell_silent = True
                return f"no sign of life for {self.service.patience:.0f} s"
            if healthy:
                self._become(State.HEALTHY)
                self._healthy.set()
                self.up.set()
            elif was_up or (late and self._established.is_set()):
                self._become(State.UNHEALTHY, "does not answer as it should")
            elif late:
                return f"not healthy within {_START_PATIENCE:.0f} s"
            pause = _PAUSE_WHILE_HEALTHY if healthy or was_up else _PAUSE_WHILE_STARTING
            await asyncio.wait([ended], timeout=pause)
        return None

    async def _shows_life(self) -> bool:
        sign = self.service.sign_of_life
        return sign is None or await asyncio.to_thread(sign.healthy)

    async def _wait_before_restart(self, ending: str, delay: float) -> None:
        self.status = replace(self.status, restarts=self.status.restarts + 1)
        if not self._wake.is_set():
            self._become(State.RESTARTING, f"{ending}, again in {delay:.1f} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), delay)
        if not self._is_unwanted:
            self._wake.clear()

    async def _end_process(self, grace: float, hurry: asyncio.Event | None = None) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(self.service.stop_with)
        ended = asyncio.create_task(process.wait())
        hurried = asyncio.create_task((hurry or asyncio.Event()).wait())
        await asyncio.wait([ended, hurried], timeout=grace, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        self._kill(process)
        await ended

    def _kill(self, process: Process) -> None:
        """Also what the service started and left behind: it leads its own group."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    @property
    def _partial_output(self) -> Path | None:
        output = self.service.output
        return output.with_name(f"{output.name}.partial") if output else None

    def _keep_output(self, *, succeeded: bool) -> None:
        if self._partial_output is None or self.service.output is None:
            return
        if succeeded:
            self._partial_output.rename(self.service.output)
        else:
            self._partial_output.unlink()

    def _become(self, state: State, detail: str = "") -> None:
        running = self._process if state not in _WITHOUT_PROCESS else None
        changed = replace(
            self.status, state=state, detail=detail, pid=running.pid if running else None
        )
        if changed != self.status:
            self.status = changed
            self._report(changed)

    def _last_words(self) -> str:
        log = log_file(self._logs, self.service.name)
        return f"{last_lines(log)}\nThe whole log: {log}"


_WITHOUT_PROCESS = (
    State.WAITING,
    State.RESTARTING,
    State.DONE,
    State.FAILED,
    State.STOPPED,
)


def _describe(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


async def first_of(*occasions: asyncio.Event, within: float | None = None) -> bool:
    """Whether one of them came in so many seconds; without a time it is waited for."""
    waiting = [asyncio.create_task(occasion.wait()) for occasion in occasions]
    try:
        done, _ = await asyncio.wait(waiting, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    return bool(done)
