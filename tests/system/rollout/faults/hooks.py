"""Where a fault takes hold of the platform."""

import os
import sys
from collections.abc import Callable

from litestar.types import ASGIApp, Message, Receive, Scope, Send

# Of those who look after an instance, and not of its guests.
QUESTIONS = ("/ready", "/live", "/health", "/internal/metrics")


def is_serving() -> bool:
    """True for an instance and for a canary, but not for workers, tasks and health checks."""
    return "serve" in sys.orig_argv


def is_instance() -> bool:
    """True where guests are served."""
    return is_serving() and os.environ.get("MENUVO_INSTANCE") in {"platform-a", "platform-b"}


def around_the_platform(wrap: Callable[[ASGIApp], ASGIApp]) -> None:
    """Before everything that answers, the page cache too, and behind what counts the answers: a
    mistake of the platform is seen in its own figures."""
    from menuvo_platform import app as application
    from menuvo_platform.web.metrics import Metered, Metrics

    def metered(app: ASGIApp, metrics: Metrics) -> Metered:
        return Metered(wrap(app), metrics)

    setattr(application, "Metered", metered)  # noqa: B010


def path_of(scope: Scope) -> str:
    return scope["path"] if scope["type"] == "http" else ""


async def refuse(status: int, send: Send) -> None:
    release = os.environ.get("MENUVO_RELEASE", "").encode()
    headers = [(b"x-menuvo-release", release), (b"content-length", b"0")]
    start: Message = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


__all__ = ["ASGIApp", "Message", "Receive", "Scope", "Send"]
