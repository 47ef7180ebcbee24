"""`menuvo env show`: what is set, where it comes from, what it is for - and no secret."""

import json
from typing import TypedDict

from rich.markup import escape
from rich.table import Table

from menuvo_ops.environment import Deployment
from menuvo_ops.environment.merging import Source, by_todays_names
from menuvo_ops.environment.reading import read_without_mistakes
from menuvo_ops.environment.values import text
from menuvo_ops.environment.variable import Variable
from menuvo_ops.environment.variables import GROUPS
from menuvo_ops.terminal import data


class Row(TypedDict):
    group: str
    name: str
    value: str
    source: str
    help: str


def show(deployment: Deployment, *, as_json: bool) -> None:
    """Raises when the file is missing or cannot be read."""
    source = by_todays_names(read_without_mistakes(deployment.env_file))
    rows = [_row(group.title, variable, source) for group in GROUPS for variable in group.variables]
    rows.insert(1, _public_url(source))
    rows += [_unknown(name, source) for name in source.unknown]
    if as_json:
        data.print_json(json.dumps(rows))
    else:
        data.print(_table(rows))


def _row(group: str, variable: Variable, source: Source) -> Row:
    own = text(source.values, variable.name)
    value = own or variable.default
    shown = ("[set]" if value else "[empty]") if variable.secret else value or "[empty]"
    return Row(
        group=group,
        name=variable.name,
        value=shown,
        source=_origin(variable, own, source),
        help=variable.help,
    )


def _origin(variable: Variable, own: str, source: Source) -> str:
    if not own:
        return "default" if variable.default else ""
    aliases = [old for old, new in source.renamed if new == variable.name]
    return f".env, as {aliases[0]}" if aliases else ".env"


def _public_url(source: Source) -> Row:
    domain = text(source.values, "DOMAIN")
    return Row(
        group=GROUPS[0].title,
        name="PUBLIC_URL",
        value=f"https://{domain}" if domain else "[empty]",
        source="from DOMAIN",
        help="The address people type.",
    )


def _unknown(name: str, source: Source) -> Row:
    """It may be a secret: nobody knows."""
    return Row(
        group="Kept",
        name=name,
        value="[set]" if source.unknown[name] else "[empty]",
        source=".env",
        help="Unknown to this release.",
    )


def _table(rows: list[Row]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True, style="dim")
    table.add_column(style="dim")
    group = ""
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            table.add_section()
            table.add_row(f"[bold]{group}[/]")
        table.add_row(*(escape(row[column]) for column in ("name", "value", "source", "help")))
    return table
