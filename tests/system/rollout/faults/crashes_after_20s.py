"""A canary is fine; an instance ends twenty seconds after it began."""

import os
import threading

from tests.system.rollout.faults.hooks import is_instance

SECONDS = 20


def crash() -> None:
    os._exit(1)


if is_instance():
    timer = threading.Timer(SECONDS, crash)
    timer.daemon = True
    timer.start()
