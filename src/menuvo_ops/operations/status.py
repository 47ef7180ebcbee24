"""`menuvo status` of this clone: how everything is, for people and for programs."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

from rich.table import Table
from rich.text import Text

from menuvo_ops.local.report import Report, ServiceReport
from menuvo_ops.operations.engines import Engine
from menuvo_ops.operations.summary import print_summary
from menuvo_ops.overview.backups import last_backup
from menuvo_ops.overview.showing import as_lines
from menuvo_ops.overview.watching import watch
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.terminal import data

_COLOURS = {"healthy": "green", "done": "green", "restarting": "yellow", "unhealthy": "yellow"}


def status(engine: Engine, *, as_json: bool, watches: bool) -> None:
    if not watches:
        _show(engine, as_json=as_json)
        return
    interruption = Interruption()
    interruption.listen()
    watch(lambda: _screen(engine, as_json=as_json), interruption, clears=not as_json)


def _screen(engine: Engine, *, as_json: bool) -> str:
    with data.capture() as shown:
        _show(engine, as_json=as_json)
    return shown.get().rstrip()


def _show(engine: Engine, *, as_json: bool) -> None:
    report = engine.report()
    base_url = report["base_url"]
    if as_json:
        data.print(_as_json(engine, report), soft_wrap=True, markup=False)
    elif report["state"] == "stopped":
        data.print("Menuvo is not running. Start it with: ./menuvo up")
    elif base_url is None:
        data.print("Menuvo is being prepared.")
    else:
        data.print(f"Menuvo {report['release']} is {report['state']}.\n")
        data.print(_table(report["services"]))
        _print_parts(engine)
        print_summary(engine.demo_file, base_url, report["services"])


def _as_json(engine: Engine, report: Report) -> str:
    backups = engine.list_backups() or ()
    last = next((one for one in backups if one.can_be_restored), None)
    facts = {
        **report,
        "parts": [asdict(one) for one in engine.parts()],
        "last_backup": asdict(last) if last else None,
    }
    return json.dumps(facts, indent=2)


def _print_parts(engine: Engine) -> None:
    parts, backups = engine.parts(), engine.list_backups()
    if backups is not None:
        parts = [*parts, last_backup(backups, datetime.now(UTC))]
    if parts:
        told = as_lines(parts, colours=data.is_terminal)
        data.print()
        data.print(Text.from_ansi(told), soft_wrap=True)


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
