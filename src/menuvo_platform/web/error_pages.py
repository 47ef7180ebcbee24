"""The one place that turns an error into an answer: JSON for programs, a page for people."""

from collections.abc import Callable
from http import HTTPStatus
from typing import ClassVar, cast

import structlog
from litestar import MediaType, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from menuvo_platform.adapters.storage import FULL
from menuvo_platform.errors import (
    DomainError,
    Forbidden,
    Invalid,
    NoRoom,
    NotFound,
    TooLarge,
    TooMany,
    Unavailable,
)
from menuvo_platform.ids import is_name
from menuvo_platform.translated import CONTENT_LANGUAGES, INTERFACE_LANGUAGES
from menuvo_platform.web.edge import refusal_of
from menuvo_platform.web.languages import preferred_language, remembered_language
from menuvo_platform.web.platform import Platform

AnyRequest = Request[object, object, State]

# A database that restarts is back within seconds.
RETRY_SECONDS = 5
DATABASE_LOST = (OperationalError, InterfaceError, PoolTimeout, OSError)
# Classes of SQLSTATE: a lost connection, a deadlock, no room for one more, an operator at work (a
# server that starts or stops, a statement that took too long).
PASSING_TROUBLE = ("08", "40", "53", "57")

log = structlog.stdlib.get_logger(__name__)


class MethodNotAllowed(DomainError):
    status: ClassVar[int] = 405
    code: ClassVar[str] = "method_not_allowed"


_FROM_FRAMEWORK: dict[int, Callable[[], DomainError]] = {
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.METHOD_NOT_ALLOWED: MethodNotAllowed,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLarge,
    HTTPStatus.FORBIDDEN: Forbidden,
}


class ErrorPages:
    def __init__(self, platform: Platform) -> None:
        self._platform: Platform = platform

    def on_error(self, request: AnyRequest, error: Exception) -> Response[object]:
        known = as_domain_error(error)
        # A menu that cannot be read now has no route: to the framework it is not there at all.
        refused = refusal_of(request) if isinstance(known, NotFound) else None
        return self.answer(request, refused or known)

    def answer(self, request: AnyRequest, error: DomainError) -> Response[object]:
        renderer = self._platform.renderer
        catalogue = renderer.catalogue(language_of(request))
        headers = {"Cache-Control": "no-store", **_retry_after(error)}
        if _wants_json(request):
            return Response(
                {
                    "code": error.code,
                    "message": catalogue.error(error),
                    "fields": catalogue.field_errors(error),
                },
                status_code=error.status,
                media_type=MediaType.JSON,
                headers=headers,
            )
        page = renderer.render(
            "error.html",
            language_of(request),
            status=error.status,
            title=catalogue.text(f"error.title.{error.status}"),
            sentence=catalogue.error(error),
            next_step=catalogue.text(f"error.next.{error.status}"),
            links=[(catalogue.text("error.way_back"), home_of(request))],
        )
        return Response(page, status_code=error.status, media_type=MediaType.HTML, headers=headers)


def as_domain_error(error: Exception) -> DomainError:
    """What a person is told; what only an operator can use is logged here."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, HTTPException) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _FROM_FRAMEWORK.get(error.status_code, Invalid)()
    if isinstance(error, OSError) and error.errno in FULL:
        log.error("disk_full", exc_info=error)
        return NoRoom()
    if isinstance(error, DATABASE_LOST) or _is_passing_trouble(error):
        log.error("database_unavailable", reason=type(error).__name__)
        return Unavailable()
    log.error("request_failed", exc_info=error)
    return DomainError()


def _is_passing_trouble(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    sqlstate = cast("str | None", getattr(error.orig, "sqlstate", None))
    return (sqlstate or "")[:2] in PASSING_TROUBLE


def language_of(request: AnyRequest) -> str:
    """As somebody who is signed in chose, as the address says, else as the browser prefers."""
    chosen = remembered_language(request)
    if chosen is not None:
        return chosen
    parts = request.scope["path"].split("/")
    if len(parts) > 2 and parts[2] in CONTENT_LANGUAGES:
        return parts[2]
    return preferred_language(request.headers.get("accept-language", ""), INTERFACE_LANGUAGES)


def home_of(request: AnyRequest) -> str:
    """Where the link of an error page leads: the store's menu, the Console, or the start."""
    parts = request.scope["path"].split("/")
    if parts[1] in {"q", "static", "media", "live", "ready", "health"} or len(parts) < 3:
        return "/"
    # A backslash is a slash to browsers: a link to "/\\evil.example" would leave the site.
    if not parts[1] or not is_name(parts[1]):
        return "/"
    return f"/{parts[1]}"


def _retry_after(error: DomainError) -> dict[str, str]:
    match error:
        case TooMany():
            return {"Retry-After": str(error.retry_after_seconds)}
        case Unavailable():
            return {"Retry-After": str(RETRY_SECONDS)}
        case _:
            return {}


def _wants_json(request: AnyRequest) -> bool:
    accept = request.headers.get("accept", "")
    return request.scope["path"].startswith("/api/") or (
        "application/json" in accept and "text/html" not in accept
    )
