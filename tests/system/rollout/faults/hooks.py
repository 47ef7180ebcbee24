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
    """Between the server and the application, so that the page cache is behind it too."""
    from menuvo_platform.web import forwarding, server

    whole = forwarding.Forwarded

    def wrapped(app: ASGIApp) -> ASGIApp:
        return wrap(whole(app))

    setattr(server, "Forwarded", wrapped)  # noqa: B010


def path_of(scope: Scope) -> str:
    return scope["path"] if scope["type"] == "http" else ""


async def refuse(status: int, send: Send) -> None:
    release = os.environ.get("MENUVO_RELEASE", "").encode()
    headers = [(b"x-menuvo-release", release), (b"content-length", b"0")]
    start: Message = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


__all__ = ["ASGIApp", "Message", "Receive", "Scope", "Send"]
