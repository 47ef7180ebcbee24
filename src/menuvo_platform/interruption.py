"""A task of the command line that SIGTERM or Ctrl-C ends in order, not in the middle of a byte."""

import asyncio
import signal
from collections.abc import Coroutine

from menuvo_platform.errors import Interrupted

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def run_until_stopped(work: Coroutine[None, None, None]) -> None:
    """Cancels `work` on a signal and waits until it has let go of what it held. Raises Interrupted
    unless the work tells better itself how far it came."""
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError as error:
        raise Interrupted from error
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
