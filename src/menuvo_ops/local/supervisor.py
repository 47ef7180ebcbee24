"""Runs services in the order of their needs, and stops them in reverse."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from menuvo_ops.errors import OpsError, ServiceFailed
from menuvo_ops.local.keeper import Keeper, Report, first_of
from menuvo_ops.local.logs import rotate
from menuvo_ops.local.services import Service, State, Status

_ROTATION_PERIOD = 10.0
# Two tasks, then two instances and two workers at once, then the proxy that sees them.
_RETURN_SECONDS = 120.0


class Supervisor:
    def __init__(
        self,
        services: Sequence[Service],
        *,
        logs: Path,
        env: Mapping[str, str],
        report: Report,
        ready: Callable[[], None],
    ) -> None:
        """`env` is all that services inherit; `ready` is called when all that is essential was
        well for the first time."""
        self._established = asyncio.Event()
        self._changed = asyncio.Event()
        self._keepers = {
            service.name: Keeper(
                service,
                logs=logs,
                env=env,
                report=self._pass_on,
                established=self._established,
            )
            for service in services
        }
        self._report = report
        self._logs = logs
        self._ready = ready
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()
        self._group: asyncio.TaskGroup | None = None
        self._running: dict[str, asyncio.Task[None]] = {}

    def stop(self) -> None:
        """Stop everything politely; asked a second time, at once."""
        if self._stop.is_set():
            self._hurry.set()
        self._stop.set()

    async def run(self) -> None:
        """Return when everything was stopped; ServiceFailed when something could not start."""
        failed: ServiceFailed | None = None
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                tasks = [
                    group.create_task(self._announce()),
                    group.create_task(self._keep_logs_small()),
                ]
                self._run(group, self._keepers.values())
                await self._stop.wait()
                await self._stop_in_reverse()
                for task in (*tasks, *self._running.values()):
                    task.cancel()
        except* ServiceFailed as failures:
            failed = _first(failures)
        if failed:
            await self._stop_in_reverse()
            raise failed

    async def restart(self, name: str) -> None:
        keeper = self._keepers.get(name)
        if keeper is None or keeper.service.probe is None:
            known = [k.service.name for k in self._keepers.values() if k.service.probe]
            raise OpsError(
                f"There is no service {name} to restart.", hint=f"There are: {', '.join(known)}."
            )
        if keeper.held.is_set():
            raise OpsError(
                f"{name} is held {keeper.status.detail}.", hint="It starts again by itself."
            )
        await keeper.restart()

    async def hold(self, why: str) -> None:
        """Stop whatever speaks to the database, all at once; `why` is shown."""
        if not self._established.is_set() or self._stop.is_set():
            raise OpsError(f"Menuvo is {self.state}.", hint="Try again when it runs.")
        held = [one for one in self._keepers.values() if one.service.uses_database]
        await asyncio.gather(*(keeper.hold(why) for keeper in held))
        await asyncio.gather(*(self._running[keeper.service.name] for keeper in held))

    async def let_go(self) -> None:
        """Run what is held anew, tasks too. Raises ServiceFailed when it is not well in time."""
        held = [keeper for keeper in self._keepers.values() if keeper.held.is_set()]
        if not held or self._group is None or self._stop.is_set():
            return
        for keeper in self._keepers.values():
            if keeper in held:
                keeper.let_go()
            elif keeper.service.essential and self._needs_one_of(keeper, held):
                keeper.doubt()
        self._run(self._group, held)
        try:
            async with asyncio.timeout(_RETURN_SECONDS):
                await self._until_all_fine()
        except TimeoutError:
            ill = ", ".join(
                f"{one.name} is {one.state}" for one in self.statuses() if _is_in_the_way(one)
            )
            raise ServiceFailed(
                f"Not everything came back in {_RETURN_SECONDS:.0f} s: {ill}.",
                hint="See: ./menuvo status, ./menuvo logs",
            ) from None

    def statuses(self) -> list[Status]:
        return [keeper.status for keeper in self._keepers.values()]

    @property
    def state(self) -> str:
        """One word about all that is essential: starting, running, degraded or stopping."""
        if self._stop.is_set():
            return "stopping"
        if not self._established.is_set():
            return "starting"
        return "running" if self._all_fine else "degraded"

    @property
    def _all_fine(self) -> bool:
        return not any(map(_is_in_the_way, self.statuses()))

    def _pass_on(self, status: Status) -> None:
        self._changed.set()
        self._report(status)

    def _needs_one_of(self, keeper: Keeper, others: Sequence[Keeper]) -> bool:
        needed = [self._keepers[name] for name in keeper.service.needs]
        return any(one in others or self._needs_one_of(one, others) for one in needed)

    def _run(self, group: asyncio.TaskGroup, keepers: Iterable[Keeper]) -> None:
        for keeper in keepers:
            self._running[keeper.service.name] = group.create_task(self._run_in_order(keeper))

    async def _run_in_order(self, keeper: Keeper) -> None:
        for name in keeper.service.needs:
            await first_of(self._keepers[name].up, keeper.held)
        await keeper.run()

    async def _announce(self) -> None:
        await self._until_all_fine()
        self._established.set()
        self._ready()

    async def _until_all_fine(self) -> None:
        while not self._all_fine:
            self._changed.clear()
            await self._changed.wait()

    async def _keep_logs_small(self) -> None:
        while True:
            await asyncio.sleep(_ROTATION_PERIOD)
            rotate(self._logs)

    async def _stop_in_reverse(self) -> None:
        self._stop.set()
        await asyncio.gather(*(self._stop_in_order(keeper) for keeper in self._keepers.values()))

    async def _stop_in_order(self, keeper: Keeper) -> None:
        for dependent in self._keepers.values():
            if keeper.service.name in dependent.service.needs:
                await dependent.gone.wait()
        await keeper.stop(self._hurry)


def _is_in_the_way(status: Status) -> bool:
    return status.essential and status.state not in (State.HEALTHY, State.DONE)


def _first(failures: BaseExceptionGroup[ServiceFailed]) -> ServiceFailed:
    first = failures.exceptions[0]
    return first if isinstance(first, ServiceFailed) else _first(first)
