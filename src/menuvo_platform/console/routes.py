"""Every address of the Console."""

from litestar import Router
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from menuvo_platform.accounts.roles import Right
from menuvo_platform.console.access import needs, provide_access, provide_session
from menuvo_platform.console.board.pages import (
    move_back,
    move_forward,
    poll_board,
    provide_follower,
    show_board,
    stream_board,
)
from menuvo_platform.console.board.sold_out_pages import change_stock as change_board_stock
from menuvo_platform.console.board.sold_out_pages import show_stock
from menuvo_platform.console.desk import provide_desk
from menuvo_platform.console.home.pages import choose_store, show_home
from menuvo_platform.console.imports.pages import (
    show_import,
    show_imports,
    show_list,
    upload_menu,
)
from menuvo_platform.console.logins.pages import (
    end_login,
    log_in,
    log_out,
    show_login,
    show_logins,
)
from menuvo_platform.console.menu.pages import change_stock, save_price, show_menu
from menuvo_platform.console.menu.picture_pages import save_picture, show_item, show_picture
from menuvo_platform.console.tables.pages import (
    draw_table_code,
    print_tables,
    reissue_code,
    revoke_code,
    show_table,
    show_tables,
)
from menuvo_platform.errors import LoginNeeded
from menuvo_platform.web.logins import (
    ask_to_log_in,
    login_needed,
    provide_signed_in,
    token_needed,
)

_PERSONAL = Router(
    path="/",
    route_handlers=[choose_store, log_out, show_logins, end_login],
    guards=[token_needed],
)


def _place(path: str, right: Right | None, *handlers: ControllerRouterHandler) -> Router:
    """Addresses below a store's, for whoever has the right there."""
    return Router(path=path, route_handlers=handlers, guards=[needs(right), token_needed])


_STORE = Router(
    path="/console/stores/{store_id:uuid}",
    route_handlers=[
        _place("/", None, show_home),
        _place(
            "/board", Right.BOARD, show_board, stream_board, poll_board, move_forward, move_back
        ),
        _place("/board", Right.SELL_OUT, show_stock, change_board_stock),
        _place("/menu", Right.MENU, show_menu, save_price, change_stock),
        _place("/menu", Right.MENU, show_item, save_picture, show_picture),
        _place("/tables", Right.TABLES, show_tables, print_tables, show_table, draw_table_code),
        _place("/tables", Right.TABLES, revoke_code, reissue_code),
        _place("/imports", Right.IMPORTS, show_imports, upload_menu, show_list, show_import),
    ],
    dependencies={
        "access": Provide(provide_access, sync_to_thread=False),
        "session": Provide(provide_session),
        "desk": Provide(provide_desk, sync_to_thread=False),
        "follower": Provide(provide_follower, sync_to_thread=False),
    },
)

_SIGNED_IN = Router(
    path="/",
    route_handlers=[_PERSONAL, _STORE],
    guards=[login_needed],
    dependencies={"signed_in": Provide(provide_signed_in, sync_to_thread=False)},
    exception_handlers={LoginNeeded: ask_to_log_in},
)

CONSOLE: list[ControllerRouterHandler] = [show_login, log_in, _SIGNED_IN]
