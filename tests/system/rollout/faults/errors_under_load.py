"""Healthy when asked, and fine for a few guests; above that every fifth page is an error."""

import time
from collections import deque

from tests.system.rollout.faults.hooks import (
    QUESTIONS,
    ASGIApp,
    Receive,
    Scope,
    Send,
    around_the_platform,
    is_serving,
    path_of,
    refuse,
)

MOST_PER_SECOND = 15
EVERY = 5


def overwhelmed(app: ASGIApp) -> ASGIApp:
    lately: deque[float] = deque()
    count = 0

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal count
        path = path_of(scope)
        if path and path not in QUESTIONS:
            now = time.monotonic()
            lately.append(now)
            while lately[0] < now - 1:
                lately.popleft()
            count += 1
            if len(lately) > MOST_PER_SECOND and count % EVERY == 0:
                await refuse(500, send)
                return
        await app(scope, receive, send)

    return answer


if is_serving():
    around_the_platform(overwhelmed)
