"""A service as data: what to run, how to know that it works, how to stop it."""

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from menuvo_ops.local.probes import Probe


@dataclass(frozen=True)
class Service:
    """`needs` must be up before it starts, and stop after it stopped.

    `probe` asks whether it can be used, `sign_of_life` whether starting it again could help: an
    instance that drains or waits for its schema answers the second question only. Without a sign
    of life it is never killed for being silent; without a probe it is a task, which runs once and
    is done when it exits with 0. What is not `essential` is started and kept alive as the others,
    but nothing waits for it and nothing ends when it cannot.
    """

    name: str
    argv: list[str]
    probe: Probe | None = None
    sign_of_life: Probe | None = None
    # Seconds without a sign of life after which it is killed and started again.
    patience: float = 60
    # Removed before each start: whoever starts has not shown himself yet.
    heartbeat: Path | None = None
    needs: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    stop_with: signal.Signals = signal.SIGTERM
    grace: float = 30
    # Seconds it must have lived before it can count as healthy; more after each crash.
    settles: float = 0
    url: str | None = None
    # Standard output of a task is kept here when it succeeds; otherwise it goes to the log.
    output: Path | None = None
    # Whether it speaks to the database, and so has to be held while that is replaced.
    uses_database: bool = False
    essential: bool = True


class State(StrEnum):
    WAITING = "waiting"
    STARTING = "starting"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    RESTARTING = "restarting"
    DONE = "done"
    FAILED = "failed"
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Status:
    """What is known about a service now; `detail` is a clause for people."""

    name: str
    state: State = State.WAITING
    detail: str = ""
    pid: int | None = None
    url: str | None = None
    restarts: int = 0
    essential: bool = True
