"""Writes an environment for people: grouped, each name with its help."""

import textwrap
from collections.abc import Mapping

from menuvo_ops.environment.dotenv import OUR_COMMENT, quoted
from menuvo_ops.environment.needs import ALWAYS, NEVER
from menuvo_ops.environment.values import Values, text
from menuvo_ops.environment.variables import GROUPS, Variable

_WIDTH = 96
_HEAD = """\
The environment of this production, read by Docker Compose and by menuvo. Keep it secret.
Make or complete it: menuvo env init. Check it: menuvo env check. Look: menuvo env show.
Lines that begin with #: are written anew by menuvo env init; your own comments stay.
In single quotes every sign stands for itself, also $ and #."""
_EXAMPLE_HEAD = """\
An example of a production's environment, the file .env beside docker-compose.yml.
menuvo env init makes it, with every secret that a machine can make.
(The settings of a single process of the platform are in .env.example at the top.)"""
_NO_COMMENTS: Mapping[str, tuple[str, ...]] = {}


def environment_file(
    values: Values,
    unknown: Values,
    comments: Mapping[str, tuple[str, ...]] = _NO_COMMENTS,
    closing: tuple[str, ...] = (),
) -> str:
    lines = _ours(_HEAD)
    for group in GROUPS:
        lines += ["", f"{OUR_COMMENT} ---- {group.title} ----"]
        for variable in group.variables:
            lines += _explained(variable)
            lines += comments.get(variable.name, ())
            lines.append(f"{variable.name}={quoted(text(values, variable.name))}")
    if unknown:
        lines += ["", f"{OUR_COMMENT} ---- Kept: names that this release does not know ----"]
    for name, value in unknown.items():
        lines += [*comments.get(name, ()), f"{name}={quoted(value.reveal())}"]
    return "\n".join([*lines, *closing]) + "\n"


def example_file() -> str:
    """Every name with its help; values where there is a default."""
    lines = _ours(_EXAMPLE_HEAD)
    for group in GROUPS:
        lines += ["", f"{OUR_COMMENT} ---- {group.title} ----"]
        for variable in group.variables:
            lines += [*_explained(variable), f"{variable.name}={quoted(variable.default)}"]
    return "\n".join(lines) + "\n"


def reference_table() -> str:
    """The same for the documentation, in Markdown."""
    parts: list[str] = []
    for group in GROUPS:
        parts += [f"### {group.title}", "", "| name | needed | meaning | a right value |"]
        parts.append("|---|---|---|---|")
        parts += [_row(variable) for variable in group.variables]
        parts.append("")
    return "\n".join(parts)


def _explained(variable: Variable) -> list[str]:
    told = f"{variable.help} Like: {variable.looks_like}."
    if variable.needed is NEVER:
        told += " May be empty."
    elif variable.needed is not ALWAYS:
        told += f" Needed {variable.needed.words.replace('`', '')}."
    return _ours("\n".join(textwrap.wrap(told.replace("`", ""), _WIDTH, break_on_hyphens=False)))


def _ours(told: str) -> list[str]:
    return [f"{OUR_COMMENT} {line}" for line in told.splitlines()]


def _row(variable: Variable) -> str:
    notes = ["secret"] if variable.secret else []
    if variable.file:
        notes.append(f"file `secrets/{variable.file}`")
    notes += [f"also accepted as `{alias}`" for alias in variable.aliases]
    meaning = variable.help + (f" ({'; '.join(notes)})" if notes else "")
    like = variable.looks_like
    if variable.default:
        like = f"`{variable.default}` by default; {like}"
    return f"| `{variable.name}` | {variable.needed.words} | {meaning} | {like} |"
