"""Additives that a menu must name (section 5 LMZDV), in the order of their usual numbers.

The law fixes the words, which are the messages `additive.<key>`; the numbers are a custom.
"""

from collections.abc import Iterable

KEYS = (
    "preservative",
    "colour",
    "antioxidant",
    "saccharin",
    "cyclamate",
    "aspartame",
    "acesulfame",
    "phosphate",
    "sulphured",
    "quinine",
    "caffeine",
    "flavour_enhancer",
    "blackened",
    "waxed",
    "genetically_modified",
)


def number(key: str) -> int:
    """The usual number: 1 for a preservative."""
    return KEYS.index(key) + 1


def key_of_number(number: int) -> str:
    if not 1 <= number <= len(KEYS):
        raise ValueError(f"no additive has the number {number}")
    return KEYS[number - 1]


def numbers(keys: Iterable[str]) -> tuple[int, ...]:
    """What stands beside a dish: each number once, in order."""
    return tuple(sorted({number(key) for key in keys}))


def message_id(key: str) -> str:
    return f"additive.{key}"
