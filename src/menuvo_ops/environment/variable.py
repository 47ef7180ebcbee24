"""What is known about one name of the environment."""

from collections.abc import Callable
from dataclasses import dataclass

from menuvo_ops.environment.needs import ALWAYS, Need
from menuvo_ops.environment.values import Values


@dataclass(frozen=True)
class Variable:
    name: str
    help: str
    # A right value, for people: the sentence "It looks like ...".
    looks_like: str
    pattern: str = r"\S.*"
    needed: Need = ALWAYS
    default: str = ""
    make: Callable[[Values], str] | None = None
    secret: bool = False
    # Its file in `secrets/`; a container reads it from there.
    file: str = ""
    shortest: int = 0
    aliases: tuple[str, ...] = ()
    # The secret together with which it changes, because either is wrong without the other.
    goes_with: str = ""
    # Whether the tool alone writes it, and no file or workflow brings it.
    is_ours: bool = False
    # How to come by one that is missing, where that is more than typing it.
    obtain: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    variables: tuple[Variable, ...]
