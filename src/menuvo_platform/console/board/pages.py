"""The kitchen board: the page, its changes, and the taps."""

import uuid

from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from menuvo_platform.console.access import Access
from menuvo_platform.console.board.following import BoardChange, Follower
from menuvo_platform.console.board.views import MOST_DONE, columns, goes_back
from menuvo_platform.console.desk import Desk
from menuvo_platform.kitchen import service as kitchen
from menuvo_platform.kitchen.schemas import Tap
from menuvo_platform.orders.moves import MoveNotAllowed, OrderMovedAlready
from menuvo_platform.orders.states import back_of, forward_of
from menuvo_platform.web.forms import read_form
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.sse import Change, event_stream, last_revision, polled

AnyRequest = Request[object, object, State]


def provide_follower(
    platform: NamedDependency[Platform], access: NamedDependency[Access]
) -> Follower:
    return Follower(platform, access)


@get("/")
async def show_board(
    desk: NamedDependency[Desk], follower: NamedDependency[Follower]
) -> Response[str]:
    return await _board_page(desk, follower)


@get("/events")
async def stream_board(
    request: AnyRequest, platform: NamedDependency[Platform], follower: NamedDependency[Follower]
) -> Stream:
    return event_stream(
        platform,
        follower.access.store.id,
        follower.read_change,
        last_revision(request),
        recheck=follower.recheck,
    )


@get("/changes")
async def poll_board(
    request: AnyRequest, follower: NamedDependency[Follower]
) -> Response[Change | None]:
    return polled(await follower.read_change(last_revision(request)))


@post("/orders/{order_id:uuid}/forward", status_code=200)
async def move_forward(
    order_id: FromPath[uuid.UUID],
    request: AnyRequest,
    desk: NamedDependency[Desk],
    follower: NamedDependency[Follower],
) -> Response[str] | Response[BoardChange] | Redirect:
    from_state = (await read_form(request)).text("from")
    move = (from_state, forward_of(from_state))
    return await _move(order_id, move, request, desk, follower)


@post("/orders/{order_id:uuid}/back", status_code=200)
async def move_back(
    order_id: FromPath[uuid.UUID],
    request: AnyRequest,
    desk: NamedDependency[Desk],
    follower: NamedDependency[Follower],
) -> Response[str] | Response[BoardChange] | Redirect:
    from_state = (await read_form(request)).text("from")
    move = (from_state, back_of(from_state))
    return await _move(order_id, move, request, desk, follower)


async def _move(
    order_id: uuid.UUID,
    move: tuple[str, str | None],
    request: AnyRequest,
    desk: Desk,
    follower: Follower,
) -> Response[str] | Response[BoardChange] | Redirect:
    """The ticket as it is now: 200 when it moved, by this tap or by its first sending; 409 when
    somebody else had moved it already."""
    from_state, to_state = move
    if to_state is None:
        raise MoveNotAllowed
    status = 200
    try:
        await kitchen.move_order(
            desk.session,
            desk.store.id,
            Tap(order_id, from_state, to_state, request.headers.get("idempotency-key")),
            user_id=desk.user_id,
            now=desk.now,
            announce=desk.announce,
        )
    except OrderMovedAlready as refused:
        status = refused.status
    if "application/json" in request.headers.get("accept", ""):
        ticket = await kitchen.get_ticket(desk.session, desk.store.id, order_id)
        return Response(follower.change_of(ticket), status_code=status, media_type=MediaType.JSON)
    if status == 200:
        return desk.go_to(f"/board#ticket-{order_id}")
    return await _board_page(desk, follower, status=status)


async def _board_page(desk: Desk, follower: Follower, status: int = 200) -> Response[str]:
    board = await kitchen.read_board(desk.session, desk.store.id, desk.now)
    return desk.page(
        "board",
        "board.html",
        status=status,
        moved_already=status == OrderMovedAlready.status,
        revision=board.revision,
        now=desk.now,
        columns=columns(board, follower.writer()),
        most_done=MOST_DONE,
        goes_back=goes_back,
    )
