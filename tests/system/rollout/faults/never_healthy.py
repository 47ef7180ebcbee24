"""It starts, and says of itself for ever that it is not ready."""

from tests.system.rollout.faults.hooks import (
    ASGIApp,
    Receive,
    Scope,
    Send,
    around_the_platform,
    is_serving,
    path_of,
    refuse,
)


def unready(app: ASGIApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if path_of(scope) == "/ready":
            await refuse(503, send)
        else:
            await app(scope, receive, send)

    return answer


if is_serving():
    around_the_platform(unready)
