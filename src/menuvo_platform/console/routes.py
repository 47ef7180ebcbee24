"""Every address of the Console."""

from litestar import Router
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from menuvo_platform.console.logins.pages import (
    end_login,
    log_in,
    log_out,
    show_login,
    show_logins,
)
from menuvo_platform.errors import LoginNeeded
from menuvo_platform.web.logins import ask_to_log_in, login_needed, provide_signed_in

_SIGNED_IN = Router(
    path="/",
    route_handlers=[log_out, show_logins, end_login],
    guards=[login_needed],
    dependencies={"signed_in": Provide(provide_signed_in, sync_to_thread=False)},
    exception_handlers={LoginNeeded: ask_to_log_in},
)

CONSOLE: list[ControllerRouterHandler] = [show_login, log_in, _SIGNED_IN]
