"""Who is signed in: known before a handler runs, and before its body is read."""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode, urlsplit

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, State
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from menuvo_platform.accounts import service as accounts
from menuvo_platform.accounts.schemas import Person
from menuvo_platform.errors import LoginNeeded
from menuvo_platform.settings import Settings
from menuvo_platform.web.csrf import check_csrf, csrf_token
from menuvo_platform.web.edge import SAFE_METHODS, raise_refusal
from menuvo_platform.web.error_pages import ErrorPages
from menuvo_platform.web.languages import remember_language
from menuvo_platform.web.platform import Platform

AnyRequest = Request[object, object, State]
AnyConnection = ASGIConnection[object, object, object, State]

HOME = "/console"
LOGIN = "/console/login"
COOKIE = "menuvo_login"
KNOWN_COOKIE = "menuvo_known"
# The row in the database says when a login ends; browsers keep a cookie for 400 days at most.
COOKIE_SECONDS = 400 * 24 * 3600
_SIGNED_IN = "menuvo_signed_in"


@dataclass(frozen=True, slots=True)
class SignedIn:
    person: Person
    token: str
    csrf: str


async def login_needed(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """A guard: raises LoginNeeded."""
    request = cast("AnyRequest", connection)
    await raise_refusal(request)
    signed_in = await find_signed_in(request)
    if signed_in is None:
        raise LoginNeeded
    cast("dict[str, object]", request.scope["state"])[_SIGNED_IN] = signed_in
    remember_language(request, signed_in.person.language)


async def token_needed(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """A guard, the last one as it reads the form: raises StalePage for a change without the token
    of its login."""
    request = cast("AnyRequest", connection)
    if request.method not in SAFE_METHODS:
        token = provide_signed_in(request).token
        believed = platform_of(request).settings.believed_secrets
        await check_csrf(request, [csrf_token(secret, token) for secret in believed])


async def find_signed_in(request: AnyRequest) -> SignedIn | None:
    platform = platform_of(request)
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    person = await accounts.find_person(platform.sessions, token, platform.clock())
    if person is None:
        return None
    return SignedIn(person, token, csrf_token(platform.settings.auth_secret, token))


def provide_signed_in(request: AnyRequest) -> SignedIn:
    """Whom the guard has found."""
    return cast("SignedIn", request.scope["state"][_SIGNED_IN])


def platform_of(request: AnyRequest) -> Platform:
    return cast("Platform", request.app.state["platform"])


def ask_to_log_in(request: AnyRequest, error: LoginNeeded) -> Response[object]:
    """A person is led to the login and back; a script, which follows no pages, is told 401."""
    if request.headers.get("hx-request"):
        there = login_address(_path_of(request.headers.get("hx-current-url", "")))
        return Response(None, status_code=204, headers={"HX-Redirect": there})
    if "text/html" not in request.headers.get("accept", ""):
        return ErrorPages(platform_of(request)).answer(request, error)
    wanted = request.scope["path"]
    if request.method not in SAFE_METHODS:
        wanted = _path_of(request.headers.get("referer", ""))
    response = Redirect(login_address(wanted), status_code=303)
    return cast("Response[object]", cast("object", response))


def login_address(wanted: str) -> str:
    wanted = safe_destination(wanted)
    return LOGIN if wanted == HOME else f"{LOGIN}?{urlencode({'next': wanted})}"


def safe_destination(wanted: str) -> str:
    """A page of the Console to go on to. Whatever could lead elsewhere leads to its home."""
    inside = wanted == HOME or wanted.startswith(f"{HOME}/")
    plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    if not inside or not plain or _path_of(wanted) == LOGIN:
        return HOME
    return wanted


def login_cookie(settings: Settings, token: str) -> Cookie:
    return _cookie(settings, COOKIE, token, COOKIE_SECONDS)


def ended_cookie(settings: Settings) -> Cookie:
    return _cookie(settings, COOKIE, "", 0)


def known_cookie(settings: Settings, email: str) -> Cookie:
    """Says that somebody signed in by this address here before; it grants nothing but patience."""
    return _cookie(settings, KNOWN_COOKIE, _known_mark(settings.auth_secret, email), COOKIE_SECONDS)


def is_known_browser(request: AnyRequest, email: str) -> bool:
    said = request.cookies.get(KNOWN_COOKIE, "").encode()
    believed = platform_of(request).settings.believed_secrets
    return any(
        hmac.compare_digest(said, _known_mark(secret, email).encode()) for secret in believed
    )


def client_network(request: AnyRequest) -> str:
    """Where a request comes from. Of IPv6 the first half: the other is the customer's to choose."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _path_of(address: str) -> str:
    """Empty when it is no address at all."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _known_mark(secret: str, email: str) -> str:
    message = f"known:{email.strip().lower()}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _cookie(settings: Settings, name: str, value: str, seconds: int) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        path=HOME,
        max_age=seconds,
        httponly=True,
        secure=settings.cookies_secure,
        samesite="lax",
    )
