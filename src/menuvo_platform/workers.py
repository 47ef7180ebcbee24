"""Puts a worker together: which kinds of jobs its queue has, and what they need."""

import asyncio
import signal
from collections.abc import Mapping, Sequence

# Foreign keys name their tables: all of them must be known before the first INSERT.
import menuvo_platform.models  # noqa: F401  # pyright: ignore[reportUnusedImport]
from menuvo_platform.accounts.retention import sweep_logins
from menuvo_platform.adapters.bells import connect
from menuvo_platform.adapters.object_stores import open_storage
from menuvo_platform.db.engine import create_engine
from menuvo_platform.db.session import create_sessions
from menuvo_platform.images.jobs import KINDS as IMAGES
from menuvo_platform.imports.jobs import KINDS as IMPORTS
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.heartbeat import Heartbeat
from menuvo_platform.jobs.kinds import Handled
from menuvo_platform.jobs.service import sweep_jobs
from menuvo_platform.jobs.worker import Sweep, Worker
from menuvo_platform.orders.retention import forget_guests
from menuvo_platform.settings import Settings
from menuvo_platform.stores.request_keys import sweep_request_keys

QUEUES: Mapping[str, Sequence[Handled]] = {"images": IMAGES, "imports": IMPORTS}
SWEEPS: Sequence[Sweep] = (sweep_jobs, sweep_request_keys, sweep_logins, forget_guests)
CONNECTIONS = 3  # the handler, its lease, and one to spare


async def run_worker(settings: Settings, queue: str, metrics_port: int | None = None) -> None:
    """Does the jobs of a queue until SIGTERM, then finishes or hands back the one in hand."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    engine = create_engine(settings.database_url, pool_size=CONNECTIONS)
    try:
        async with connect(settings.redis_url) as redis:
            worker = Worker(
                queue,
                QUEUES[queue],
                sessions=create_sessions(engine),
                storage=open_storage(settings),
                bell=Doorbell(redis),
                sweeps=SWEEPS,
            )
            if metrics_port is not None:
                worker.metrics.serve(metrics_port, settings.release)
            await worker.run(stopping, Heartbeat(settings.heartbeat_file))
    finally:
        await engine.dispose()
