"""`menuvo up`: everything runs, or the person knows what does not and why."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from types import FrameType

from rich.markup import escape

from menuvo_ops.commands import process
from menuvo_ops.errors import AlreadyRunning, OpsError
from menuvo_ops.local import control, events
from menuvo_ops.local.logs import last_lines, log_file, open_log
from menuvo_ops.local.monitoring.programs import can_be_built
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.preparation import Options
from menuvo_ops.local.report import Report
from menuvo_ops.operations.embedded.backups.cut_off import settle_after_start
from menuvo_ops.operations.embedded.down import wait_until_stopped
from menuvo_ops.operations.embedded.progress import Progress
from menuvo_ops.operations.embedded.report import report
from menuvo_ops.operations.summary import print_summary
from menuvo_ops.rollout.reporters import worded
from menuvo_ops.rollout.telling import Event
from menuvo_ops.terminal import talk

_PAUSE = 0.2
_CAN_BE_WATCHED = "Go is here: ./menuvo up --monitoring builds Gatus and Beszel, and runs them too."


def up(clone: Clone, options: Options, *, detach: bool) -> None:
    """Return when detached or when everything has stopped again."""
    running = _running_already(clone)
    if running is not None:
        _require_monitoring(running, wanted=options.monitoring)
        talk.print("Menuvo runs already.")
        settle_after_start(clone, _tell)
        _say_where_to_click(clone, running)
        return
    supervisor = _start(clone, options, detach=detach)
    with _forwarded_signals(supervisor) as wishes:
        _wait_until_ready(clone, supervisor, wishes)
        settle_after_start(clone, _tell)
        _say_where_to_click(clone, _report(clone))
        if options.monitoring is None and can_be_built(clone):
            talk.print(f"\n[dim]{_CAN_BE_WATCHED}[/]")
        if detach:
            talk.print("\nIt goes on running. Stop it with: ./menuvo down")
            return
        talk.print("\nCtrl-C stops it.")
        Progress().follow(_events(supervisor))
        supervisor.wait()
    talk.print("Stopped.")


def _tell(event: Event) -> None:
    talk.print(escape(worded(event)))


def _say_where_to_click(clone: Clone, running: Report) -> None:
    print_summary(clone.demo, str(running["base_url"]), running["services"])


def _require_monitoring(running: Report, *, wanted: bool | None) -> None:
    """Raises AlreadyRunning: nothing is added to what runs, nor taken from it."""
    there = any(one["name"] == "gatus" for one in running["services"])
    if wanted is not None and wanted != there:
        raise AlreadyRunning(
            f"Menuvo runs already, {'with' if there else 'without'} Gatus and Beszel.",
            hint="Stop it first: ./menuvo down",
        )


def _running_already(clone: Clone) -> Report | None:
    """A running stack, waited for when it is just starting; None without one."""
    while answer := control.ask(clone.control, {"verb": "status"}):
        match answer["state"]:
            case "stopping":
                wait_until_stopped(clone)
            case "starting":
                with talk.status("Another menuvo up is starting everything"):
                    time.sleep(_PAUSE)
            case _:
                return report(clone)
    return None


def _report(clone: Clone) -> Report:
    running = report(clone)
    if running["base_url"] is None:
        raise OpsError("Menuvo stopped by itself.", hint=_last_words(clone))
    return running


def _start(clone: Clone, options: Options, *, detach: bool) -> subprocess.Popen[str]:
    """Its own session keeps the terminal's Ctrl-C from it: we pass on one, politely."""
    argv = [sys.executable, "-m", "menuvo_ops.local.supervise", str(clone.root)]
    argv.append(json.dumps(asdict(options)))
    with open_log(clone.logs, "supervisor", fresh=True) as log:
        return subprocess.Popen(
            argv if detach else process.tethered(argv, "TERM"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=clone.root,
            start_new_session=True,
        )


def _wait_until_ready(
    clone: Clone, supervisor: subprocess.Popen[str], wishes: list[signal.Signals]
) -> None:
    match Progress().follow(_events(supervisor)):
        case events.Ready():
            return
        case events.Failed() as failure:
            supervisor.wait()
            raise failure.as_error()
        case None:
            supervisor.wait()
            hint = "" if wishes else _last_words(clone)
            raise OpsError("Menuvo was stopped before it was ready.", hint=hint)


def _events(supervisor: subprocess.Popen[str]) -> Iterator[events.Event]:
    if supervisor.stdout:
        yield from map(events.decode, supervisor.stdout)


@contextmanager
def _forwarded_signals(supervisor: subprocess.Popen[str]) -> Generator[list[signal.Signals]]:
    """Ctrl-C, kill and a closed terminal all stop the stack; a second one makes it quick.

    Yields the list of those that came.
    """
    wishes: list[signal.Signals] = []

    def forward(number: int, _frame: FrameType | None) -> None:
        wishes.append(signal.Signals(number))
        talk.print("Stopping")
        supervisor.terminate()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, forward) for number in numbers}
    try:
        yield wishes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _last_words(clone: Clone) -> str:
    log = log_file(clone.logs, "supervisor")
    return f"{last_lines(log)}\nThe whole log: {log}"
