"""`menuvo status`: what runs, for people and for programs."""

import json
from typing import cast

from rich.table import Table

from menuvo_ops.local import control, lock
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.report import Report, ServiceReport, without_services
from menuvo_ops.operations.summary import print_summary
from menuvo_ops.terminal import data

_COLOURS = {"healthy": "green", "done": "green", "restarting": "yellow", "unhealthy": "yellow"}


def current_report(clone: Clone) -> Report:
    """Before its supervisor answers, a clone that is being prepared counts as starting."""
    answer = control.ask(clone.control, {"verb": "status"})
    if answer is not None:
        return cast("Report", cast("object", answer))
    return without_services("starting" if lock.owner(clone.lock) else "stopped")


def status(clone: Clone, *, as_json: bool) -> None:
    report = current_report(clone)
    if as_json:
        data.print_json(json.dumps(report))
    elif report["state"] == "stopped":
        data.print("Menuvo is not running. Start it with: ./menuvo up")
    elif report["base_url"] is None:
        data.print("Menuvo is being prepared.")
    else:
        data.print(f"Menuvo {report['release']} is {report['state']}.\n")
        data.print(_table(report["services"]))
        print_summary(clone, report["base_url"])


def _table(services: list[ServiceReport]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Service", "State", "Process", "Memory", "Restarts", "Address"):
        numeric = heading in ("Process", "Memory", "Restarts")
        table.add_column(heading, justify="right" if numeric else "left", no_wrap=True)
    for service in services:
        state = service["state"]
        table.add_row(
            service["name"],
            f"[{_COLOURS.get(state, 'default')}]{state}[/] {service['detail']}",
            str(service["pid"] or ""),
            _megabytes(service["resident_bytes"]),
            str(service["restarts"] or ""),
            service["url"] or "",
        )
    return table


def _megabytes(size: int | None) -> str:
    return "" if size is None else f"{size / 1_000_000:.0f} MB"
