"""The figures of the spine: start, menu page, board, memory."""

from tests.bench.harness import Measurement
from tests.bench.measuring import board, menu_page
from tests.bench.measuring.startup import idle_memory, measured_stack


def run() -> list[Measurement]:
    with measured_stack() as (stack, start):
        return [*start, *board.measure(stack), idle_memory(stack), *menu_page.measure()]
