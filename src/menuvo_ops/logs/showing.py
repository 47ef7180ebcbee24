"""Lines of logs for people: by the clock of this machine, in colours on a terminal."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from menuvo_ops.logs.harmless import harmless
from menuvo_ops.logs.line import Line, to_json
from menuvo_ops.rollout.reporters import Voice

_COLOURS = {"error": "31", "warning": "33", "debug": "2"}
_DIM, _CYAN = "2", "36"
_SERVICE_WIDTH = 15
_LEVEL_WIDTH = 7
# Shown below the line, as they are.
_LONG = ("exception", "stack")
# The service says it already, or it is long and helps nobody who only looks.
_LEFT_OUT = {"instance", "logger", "headers", "resp_headers", "tls", *_LONG}


def printer(*, as_json: bool, lost: Callable[[], None]) -> Callable[[Line], None]:
    """`lost` is called when nobody reads any more."""
    voice = Voice(sys.stdout, lost)
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def show(line: Line) -> None:
        voice.say(f"{to_json(line) if as_json else as_text(line, coloured=coloured)}\n")

    return show


def as_text(line: Line, *, coloured: bool = False) -> str:
    local = line.at.astimezone()
    when = f"{local:%m-%d %H:%M:%S}.{local.microsecond // 1000:03}"
    pairs = " ".join(f"{name}={_value(value)}" for name, value in _flat(line.fields))
    parts = [
        _painted(when, _DIM, coloured),
        _painted(f"{line.service:<{_SERVICE_WIDTH}}", _CYAN, coloured),
        _painted(f"{line.level:<{_LEVEL_WIDTH}}", _COLOURS.get(line.level, ""), coloured),
        harmless(line.event),
        _painted(harmless(pairs), _DIM, coloured),
    ]
    long = (str(line.fields[name]) for name in _LONG if line.fields.get(name))
    below = (f"    {harmless(one)}" for text in long for one in text.splitlines())
    return "\n".join([" ".join(filter(None, parts)).rstrip(), *below])


def _flat(fields: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in fields.items():
        if name in _LEFT_OUT:
            continue
        if isinstance(value, dict):
            yield from _flat(cast("Mapping[str, object]", value), f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _value(value: object) -> str:
    is_word = isinstance(value, str) and value and not any(map(str.isspace, value))
    return str(value) if is_word else json.dumps(value, ensure_ascii=False)


def _painted(text: str, colour: str, coloured: bool) -> str:  # noqa: FBT001
    return f"\x1b[{colour}m{text}\x1b[0m" if coloured and colour and text else text
