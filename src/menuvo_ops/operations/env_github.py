"""`menuvo env github`: what the workflows need, shown or set."""

import json
from typing import TypedDict, cast

from rich.markup import escape
from rich.table import Table

from menuvo_ops.commands import github
from menuvo_ops.environment import Deployment
from menuvo_ops.environment.merging import by_todays_names
from menuvo_ops.environment.reading import read_without_mistakes
from menuvo_ops.errors import MissingProgram, Usage
from menuvo_ops.runner import run
from menuvo_ops.shipping.github import ENVIRONMENT, Access, Entry, entries
from menuvo_ops.terminal import data


class _Variable(TypedDict):
    name: str
    value: str


def show(deployment: Deployment, access: Access, *, reveals: bool, as_json: bool) -> None:
    """No secret, unless `reveals`."""
    found = _entries(deployment, access)
    if as_json:
        data.print_json(json.dumps([_facts(one, reveals=reveals) for one in found]))
    else:
        data.print(_table(found, reveals=reveals))


def put(deployment: Deployment, access: Access, *, repository: str | None, dry_run: bool) -> None:
    """Set what has a value here. GitHub does not tell a secret, so each is set anew; a variable
    only where it is another one. What has none is left as it is there."""
    found = [one for one in _entries(deployment, access) if one.value]
    try:
        there = _variables_there(repository)
        for one in found:
            if one.kind == "variable" and there.get(one.name) == one.value.reveal():
                _say(f"{one.kind:<8} {one.name} is right already")
                continue
            if not dry_run:
                _set(one, repository)
            _say(f"{one.kind:<8} {one.name} {'would be set' if dry_run else 'set'}")
    except MissingProgram as missing:
        raise MissingProgram(
            "GitHub's own client, gh, is not on this machine.",
            hint="Install it from https://cli.github.com and log in: gh auth login",
        ) from missing


def require_sense(*, sets: bool, reveals: bool, repository: str | None, dry_run: bool) -> None:
    """Raises Usage."""
    if sets and reveals:
        raise Usage("--set shows no secret.", hint="Leave --show away.")
    if not sets and (repository or dry_run):
        raise Usage("--repository and --dry-run belong to --set.")


def _entries(deployment: Deployment, access: Access) -> list[Entry]:
    for file in (access.identity, access.known_hosts):
        if file is not None and not file.is_file():
            raise Usage(f"There is no file {file}.")
    values = by_todays_names(read_without_mistakes(deployment.env_file)).values
    return entries(values, access)


def _variables_there(repository: str | None) -> dict[str, str]:
    printed = run(github.list_variables(repository=repository), what="Asking GitHub")
    return {one["name"]: one["value"] for one in cast("list[_Variable]", json.loads(printed))}


def _set(entry: Entry, repository: str | None) -> None:
    argv = github.set_variable(entry.name, repository=repository)
    if entry.kind == "secret":
        argv = github.set_secret(entry.name, environment=ENVIRONMENT, repository=repository)
    run(argv, what=f"Setting {entry.name}", stdin=entry.value.reveal())


def _facts(entry: Entry, *, reveals: bool) -> dict[str, object]:
    return {
        "name": entry.name,
        "kind": entry.kind,
        "needed": entry.is_needed,
        "value": _shown(entry, reveals=reveals),
        "source": entry.source,
    }


def _shown(entry: Entry, *, reveals: bool) -> str:
    if entry.kind == "secret" and not reveals:
        return "[set]" if entry.value else "[empty]"
    return entry.value.reveal() or "[empty]"


def _table(found: list[Entry], *, reveals: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for entry in found:
        cells = (
            entry.kind,
            entry.name,
            "needed" if entry.is_needed else "",
            _shown(entry, reveals=reveals),
            entry.source,
        )
        table.add_row(*map(escape, cells))
    return table


def _say(line: str) -> None:
    data.print(escape(line), soft_wrap=True)
