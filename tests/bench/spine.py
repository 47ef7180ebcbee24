"""The figures of the spine: start, menu page, board, memory."""

from collections.abc import Iterator

from tests.bench.harness import Measurement
from tests.bench.measuring import board, menu_page
from tests.bench.measuring.startup import idle_memory, measured_stack


def run() -> Iterator[Measurement]:
    with measured_stack() as (stack, start):
        yield from start
        yield from board.measure(stack)
        yield idle_memory(stack)
        yield from menu_page.measure()
