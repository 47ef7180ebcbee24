"""It needs twenty seconds before it listens."""

import time

from tests.system.rollout.faults.hooks import is_serving

SECONDS = 20

if is_serving():
    time.sleep(SECONDS)
