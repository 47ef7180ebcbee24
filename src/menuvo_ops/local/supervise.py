"""The process behind `menuvo up`: it prepares the stack, runs it and answers questions about it.

Its arguments are the clone's folder and the options as JSON. It tells its starter on stdout what
happens; nobody listens any more once a detached start is over.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import cast

from menuvo_ops.errors import OpsError, Refused
from menuvo_ops.local import control, events, lock
from menuvo_ops.local.control import Message
from menuvo_ops.local.holding import Holding
from menuvo_ops.local.leftovers import mark, stop_leftovers
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.ports import PortClaims
from menuvo_ops.local.preparation import Options, prepare
from menuvo_ops.local.report import report
from menuvo_ops.local.services import Service, Status
from menuvo_ops.local.supervisor import Supervisor


def main(arguments: Sequence[str]) -> int:
    clone = Clone(Path(arguments[0]))
    wishes = cast("dict[str, object]", json.loads(arguments[1]))
    options = Options(
        port=cast("int | None", wishes["port"]),
        lan=bool(wishes["lan"]),
        monitoring=cast("bool | None", wishes["monitoring"]),
    )
    # Until there is a loop that hears it: what is being built must not go on without us.
    signal.signal(signal.SIGTERM, _leave)
    try:
        with lock.held(clone.lock), PortClaims() as claims:
            stack = prepare(
                clone,
                options,
                claims,
                say=lambda text: tell(events.Note(text)),
                show=lambda text: tell(events.Working(text)),
            )
            supervise(
                clone,
                stack.services(),
                inherited=stack.inherited(),
                base_url=stack.address.base_url,
                release=stack.release,
                before_return=stack.empty_redis,
            )
    except OpsError as error:
        return _fail(error)
    except OSError as error:
        return _fail(Refused.by_system(error))
    return 0


def supervise(
    clone: Clone,
    services: Sequence[Service],
    *,
    inherited: Mapping[str, str],
    base_url: str,
    release: str,
    before_return: Callable[[], None] = lambda: None,
) -> None:
    """Run until SIGTERM or SIGINT; a second one makes it quick. `before_return` is called before
    what was held for a restore starts again."""
    supervisor = Supervisor(
        services,
        logs=clone.logs,
        env={**inherited, **mark(clone.state)},
        report=_tell_change,
        ready=lambda: tell(events.Ready()),
    )

    holding = Holding(supervisor, clone.backups_lock, before_return=before_return)

    async def handle(request: Message) -> Message:
        match request["verb"]:
            case "restart":
                await supervisor.restart(str(request["service"]))
            case "hold":
                await holding.begin()
            case "let go":
                await holding.end()
            case _:
                pass
        return {
            **report(
                state=supervisor.state,
                base_url=base_url,
                release=release,
                statuses=supervisor.statuses(),
                demo_file=clone.demo,
            )
        }

    async def run() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, supervisor.stop)
        async with await control.listen(clone.control, handle):
            await supervisor.run()

    try:
        asyncio.run(run())
    finally:
        clone.control.unlink(missing_ok=True)
        stop_leftovers(clone.state)


def tell(event: events.Event) -> None:
    with suppress(BrokenPipeError):
        os.write(sys.stdout.fileno(), events.encode(event).encode())


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(1)


def _fail(error: OpsError) -> int:
    tell(events.Failed(error.message, error.hint, error.exit_code))
    return error.exit_code


def _tell_change(status: Status) -> None:
    tell(events.Changed(status.name, status.state, status.detail))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
