"""The same screen again and again, until somebody has seen enough."""

import sys
from collections.abc import Callable
from contextlib import suppress

from menuvo_ops.errors import Interrupted
from menuvo_ops.rollout.interruption import Interruption

_EVERY_SECONDS = 5
# To the upper left corner, and clear what is below.
_CLEAR = "\x1b[H\x1b[J"


def watch(screen: Callable[[], str], interruption: Interruption, *, clears: bool) -> None:
    """Whoever reads along may leave: that ends it like Ctrl-C."""
    with suppress(Interrupted, BrokenPipeError):
        while True:
            told = screen()
            interruption.check()
            _ = sys.stdout.write(f"{_CLEAR if clears else ''}{told}\n")
            _ = sys.stdout.flush()
            interruption.pause(_EVERY_SECONDS)
