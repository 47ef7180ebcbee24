"""The end of `menuvo up`: where to click, who to be, what to try."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from menuvo_ops.local.demo import Demo, read_demo
from menuvo_ops.local.monitoring.services import EMAIL, PASSWORD_FILE
from menuvo_ops.local.report import ServiceReport
from menuvo_ops.terminal import data

_WHAT_TO_TRY = """
Open the table's code in a window as narrow as a phone, and order something.
Open the Console in another window as kitchen, and watch the order arrive."""


def print_summary(demo_file: Path, base_url: str, services: Sequence[ServiceReport] = ()) -> None:
    """Of `services` those are named that somebody looks at."""
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    demo = read_demo(demo_file)
    if demo is None:
        table.add_row("Menuvo", base_url)
    else:
        _add_demo(table, demo, base_url)
    _add_monitoring(table, {one["name"]: one["url"] for one in services})
    data.print()
    data.print(table)
    if demo is not None:
        data.print(_WHAT_TO_TRY)


def _add_monitoring(table: Table, urls: Mapping[str, str | None]) -> None:
    if url := urls.get("gatus"):
        table.add_row("Status page", escape(url))
    if url := urls.get("beszel"):
        table.add_row("Monitoring", escape(url))
        table.add_row("Login operator", f"{EMAIL}   its password is in {PASSWORD_FILE}")


def _add_demo(table: Table, demo: Demo, base_url: str) -> None:
    table.add_row("Menu", escape(base_url + demo.menu_path))
    table.add_row("A table's code", escape(base_url + demo.table_path))
    table.add_row("Console", escape(base_url + demo.console_path))
    for login in demo.logins:
        table.add_row(escape(f"Login {login.role}"), escape(f"{login.email}   {login.password}"))
