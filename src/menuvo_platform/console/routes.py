"""Every address of the Console."""

from litestar.types import ControllerRouterHandler

CONSOLE: list[ControllerRouterHandler] = []
