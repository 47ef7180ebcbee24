"""When a value must be there: a rule, with the words that tell it to a person."""

from collections.abc import Callable
from dataclasses import dataclass

from menuvo_ops.environment.values import Values, text


@dataclass(frozen=True)
class Need:
    words: str
    holds: Callable[[Values], bool]


ALWAYS = Need("always", lambda _: True)
NEVER = Need("no", lambda _: False)


def when(name: str, value: str) -> Need:
    return Need(f"when `{name}` is `{value}`", lambda values: text(values, name) == value)


def together_with(*names: str) -> Need:
    told = " or ".join(f"`{name}`" for name in names)
    return Need(f"with {told}", lambda values: any(text(values, name) for name in names))
