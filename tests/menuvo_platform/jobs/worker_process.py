"""A worker as a process of its own, to be killed by tests."""

import asyncio
import os
import signal
from pathlib import Path

from menuvo_platform.db.engine import create_engine
from menuvo_platform.db.session import create_sessions
from tests.menuvo_platform.jobs.work import (
    bell_at,
    do_at_once,
    do_behind_the_gate,
    kind_of,
    worker_of,
)


async def main() -> None:
    engine = create_engine(os.environ["DATABASE_URL"], pool_size=3)
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with bell_at(os.environ["REDIS_URL"]) as bell:
        worker = worker_of(
            [kind_of(handler, os.environ["QUEUE"]) for handler in (do_behind_the_gate, do_at_once)],
            create_sessions(engine),
            bell,
            Path(os.environ["STORAGE_DIR"]),
            lease_seconds=int(os.environ["LEASE_SECONDS"]),
            grace_seconds=float(os.environ["GRACE_SECONDS"]),
        )
        await worker.run(stopping)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
