"""It does not let go of its boards: a stream that should end stays open, and says nothing."""

import asyncio

from tests.system.rollout.faults.hooks import (
    ASGIApp,
    Message,
    Receive,
    Scope,
    Send,
    around_the_platform,
    is_serving,
    path_of,
)


def holding(app: ASGIApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_all_but_the_end(message: Message) -> None:
            if message["type"] == "http.response.body" and not message["more_body"]:
                await asyncio.Event().wait()
            await send(message)

        is_stream = path_of(scope).endswith("/events")
        await app(scope, receive, send_all_but_the_end if is_stream else send)

    return answer


if is_serving():
    around_the_platform(holding)
