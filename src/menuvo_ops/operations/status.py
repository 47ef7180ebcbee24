"""`menuvo status`: what runs, for people and for programs."""

import json
from pathlib import Path

from rich.table import Table

from menuvo_ops.local.report import Report, ServiceReport
from menuvo_ops.operations.summary import print_summary
from menuvo_ops.terminal import data

_COLOURS = {"healthy": "green", "done": "green", "restarting": "yellow", "unhealthy": "yellow"}


def status(report: Report, demo_file: Path, *, as_json: bool) -> None:
    if as_json:
        data.print_json(json.dumps(report))
    elif report["state"] == "stopped":
        data.print("Menuvo is not running. Start it with: ./menuvo up")
    elif report["base_url"] is None:
        data.print("Menuvo is being prepared.")
    else:
        data.print(f"Menuvo {report['release']} is {report['state']}.\n")
        data.print(_table(report["services"]))
        print_summary(demo_file, report["base_url"])


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
