"""Every address of the Shop."""

from litestar.types import ControllerRouterHandler

SHOP: list[ControllerRouterHandler] = []
