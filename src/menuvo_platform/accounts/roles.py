"""Who may do what in a store."""

from collections.abc import Mapping
from enum import StrEnum


class Right(StrEnum):
    BOARD = "board"  # see open orders and move them
    SELL_OUT = "sell_out"  # take a dish off the menu, and put it back
    TURNOVER = "turnover"  # see what was sold, in money
    TABLES = "tables"  # see and replace the codes on the tables
    MENU = "menu"  # change prices and pictures
    IMPORTS = "imports"  # upload a menu


EVERYTHING = frozenset(Right)
SERVICE = frozenset({Right.BOARD, Right.SELL_OUT})

RIGHTS: Mapping[str, frozenset[Right]] = {
    "owner": EVERYTHING,
    "manager": EVERYTHING,
    "kitchen": SERVICE,
    "waiter": SERVICE,
}
