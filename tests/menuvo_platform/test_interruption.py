import asyncio
import os
import signal

import pytest

from menuvo_platform.errors import Interrupted, MigrationFailed
from menuvo_platform.interruption import run_until_stopped


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_work_once_it_has_let_go(number: signal.Signals) -> None:
    let_go: list[bool] = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), number)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            let_go.append(True)

    with pytest.raises(Interrupted, match="Stopped by a signal"):
        await run_until_stopped(work())
    assert let_go == [True]


async def test_what_the_work_itself_says_of_its_end_is_told() -> None:
    async def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()
        except asyncio.CancelledError as stop:
            raise MigrationFailed("rolled back") from stop

    with pytest.raises(MigrationFailed, match="rolled back"):
        await run_until_stopped(work())


async def test_afterwards_the_signal_means_what_it_meant_before() -> None:
    async def work() -> None:
        pass

    await run_until_stopped(work())
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
