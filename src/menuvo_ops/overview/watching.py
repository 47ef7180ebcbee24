"""The same screen again and again, until somebody has seen enough."""

import sys
from collections.abc import Callable
from contextlib import suppress

from menuvo_ops.errors import Interrupted
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.reporters import Voice

_EVERY_SECONDS = 5
# To the upper left corner, and clear what is below.
_CLEAR = "\x1b[H\x1b[J"


def watch(screen: Callable[[], str], interruption: Interruption, *, clears: bool) -> None:
    """Whoever reads along may leave: that ends it like Ctrl-C."""
    voice = Voice(sys.stdout, lambda: interruption.report("the end of whoever read along"))
    with suppress(Interrupted):
        while True:
            told = screen()
            interruption.check()
            voice.say(f"{_CLEAR if clears else ''}{told}\n")
            interruption.pause(_EVERY_SECONDS)
