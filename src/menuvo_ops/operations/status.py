"""`menuvo status`: what runs, for people and for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.showing import last_told
from menuvo_ops.local.report import Report, ServiceReport
from menuvo_ops.operations.summary import print_summary
from menuvo_ops.terminal import data

_COLOURS = {"healthy": "green", "done": "green", "restarting": "yellow", "unhealthy": "yellow"}


def status(
    report: Report, demo_file: Path, backups: Sequence[Backup] | None = None, *, as_json: bool
) -> None:
    """`backups` are None where they cannot be asked for."""
    if as_json:
        last = (
            None if backups is None else next((one for one in backups if one.can_be_restored), None)
        )
        data.print_json(json.dumps({**report, "last_backup": asdict(last) if last else None}))
    elif report["state"] == "stopped":
        data.print("Menuvo is not running. Start it with: ./menuvo up")
    elif report["base_url"] is None:
        data.print("Menuvo is being prepared.")
    else:
        data.print(f"Menuvo {report['release']} is {report['state']}.\n")
        data.print(_table(report["services"]))
        if backups is not None:
            _print_last(backups)
        print_summary(demo_file, report["base_url"])


def _print_last(backups: Sequence[Backup]) -> None:
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("Last backup", escape(last_told(backups, datetime.now(UTC))))
    data.print()
    data.print(table)


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
