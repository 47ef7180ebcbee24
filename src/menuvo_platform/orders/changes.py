"""What is different between what a guest was offered and what holds now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from menuvo_platform.errors import DomainError
from menuvo_platform.orders.pricing import Pricing
from menuvo_platform.orders.schemas import PricedLine


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line as it was offered, and as it is now or why it cannot be had any more."""

    before: PricedLine
    after: PricedLine | None
    problems: tuple[DomainError, ...]


def changes(offered: Sequence[PricedLine], now: Iterable[Pricing]) -> tuple[LineChange, ...]:
    """Line by line; what only the staff sees does not count."""
    return tuple(
        LineChange(before, pricing.line, pricing.problems)
        for before, pricing in zip(offered, now, strict=True)
        if pricing.problems or pricing.line is None or _seen(pricing.line) != _seen(before)
    )


def _seen(line: PricedLine) -> PricedLine:
    modifiers = (
        msgspec.structs.replace(modifier, first_name="", kitchen_name="")
        for modifier in line.modifiers
    )
    return msgspec.structs.replace(line, first_name="", kitchen_name="", modifiers=tuple(modifiers))
