"""The states of an order, and the one table of allowed moves.

The words for a state are the message `order.state.<state>`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["paid", "forward", "back", "cancel"]

STATES = ("awaiting_payment", "confirmed", "preparing", "ready", "completed", "cancelled")
# In the kitchen's hands.
OPEN = ("confirmed", "preparing", "ready")

MOVES: Mapping[tuple[str, str], Kind] = MappingProxyType(
    {
        ("awaiting_payment", "confirmed"): "paid",
        ("confirmed", "preparing"): "forward",
        ("preparing", "ready"): "forward",
        ("ready", "completed"): "forward",
        # A finger that slipped is undone one step at a time.
        ("preparing", "confirmed"): "back",
        ("ready", "preparing"): "back",
        ("completed", "ready"): "back",
        ("awaiting_payment", "cancelled"): "cancel",
        ("confirmed", "cancelled"): "cancel",
        ("preparing", "cancelled"): "cancel",
        ("ready", "cancelled"): "cancel",
    }
)


def forward_of(state: str) -> str | None:
    """Where one tap leads."""
    return _target(state, "forward")


def back_of(state: str) -> str | None:
    """Where one tap back leads."""
    return _target(state, "back")


def message_id(state: str) -> str:
    return f"order.state.{state}"


def _target(state: str, kind: Kind) -> str | None:
    return next(
        (to for (origin, to), found in MOVES.items() if (origin, found) == (state, kind)), None
    )
