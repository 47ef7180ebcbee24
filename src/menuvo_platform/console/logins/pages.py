import uuid

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from menuvo_platform.accounts import service as accounts
from menuvo_platform.accounts.service import WrongCredentials
from menuvo_platform.console.access import list_stores
from menuvo_platform.console.frame import personal_frame
from menuvo_platform.console.logins.forms import LoginForm, read_login_form
from menuvo_platform.console.logins.views import login_lines
from menuvo_platform.errors import DomainError, Invalid, TooMany
from menuvo_platform.web.error_pages import language_of
from menuvo_platform.web.forms import read_form
from menuvo_platform.web.logins import (
    LOGIN,
    SignedIn,
    client_network,
    ended_cookie,
    find_signed_in,
    is_known_browser,
    known_cookie,
    login_cookie,
    safe_destination,
)
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.rendering import Renderer

AnyRequest = Request[object, object, State]


@get(LOGIN)
async def show_login(
    request: AnyRequest, renderer: NamedDependency[Renderer]
) -> Response[str] | Redirect:
    destination = safe_destination(request.query_params.get("next", ""))
    if await find_signed_in(request) is not None:
        return Redirect(destination, status_code=303)
    form = LoginForm(email="", password="", destination=destination)
    return _login_page(request, renderer, form, ended="ended" in request.query_params)


@post(LOGIN, status_code=303)
async def log_in(
    request: AnyRequest, platform: NamedDependency[Platform], renderer: NamedDependency[Renderer]
) -> Response[str] | Redirect:
    form = read_login_form(await read_form(request))
    try:
        form.check()
        token = await accounts.log_in(
            platform.sessions,
            form.email,
            form.password,
            address=client_network(request),
            known_browser=is_known_browser(request, form.email),
            user_agent=request.headers.get("user-agent", ""),
            now=platform.clock(),
        )
    except (Invalid, WrongCredentials, TooMany) as error:
        return _login_page(request, renderer, form, error=error)
    cookies = [
        login_cookie(platform.settings, token),
        known_cookie(platform.settings, form.email),
    ]
    return Redirect(form.destination, status_code=303, cookies=cookies)


@post("/console/logout", status_code=303)
async def log_out(
    platform: NamedDependency[Platform], signed_in: NamedDependency[SignedIn]
) -> Redirect:
    person = signed_in.person
    await accounts.end_login(platform.sessions, person, person.login_id, platform.clock())
    return Redirect(f"{LOGIN}?ended", status_code=303, cookies=[ended_cookie(platform.settings)])


@get("/console/logins")
async def show_logins(
    platform: NamedDependency[Platform],
    renderer: NamedDependency[Renderer],
    signed_in: NamedDependency[SignedIn],
) -> Response[str]:
    person = signed_in.person
    logins = await accounts.list_logins(platform.sessions, person, platform.clock())
    stores = await list_stores(platform.sessions, person, platform.clock())
    return renderer.page(
        "console/logins.html",
        person.language,
        frame=personal_frame(signed_in, stores),
        csrf_token=signed_in.csrf,
        logins=login_lines(logins, person.login_id),
        zone=stores[0].time_zone if stores else "UTC",
    )


@post("/console/logins/{login_id:uuid}/end", status_code=303)
async def end_login(
    login_id: FromPath[uuid.UUID],
    platform: NamedDependency[Platform],
    signed_in: NamedDependency[SignedIn],
) -> Redirect:
    await accounts.end_login(platform.sessions, signed_in.person, login_id, platform.clock())
    return Redirect("/console/logins", status_code=303)


def _login_page(
    request: AnyRequest,
    renderer: Renderer,
    form: LoginForm,
    *,
    error: DomainError | None = None,
    ended: bool = False,
) -> Response[str]:
    """The form with what was entered, except for the password."""
    language = language_of(request)
    catalogue = renderer.catalogue(language)
    page = renderer.page(
        "console/login.html",
        language,
        status=error.status if error else 200,
        email=form.email,
        destination=form.destination,
        errors=catalogue.field_errors(error) if error else {},
        problem=catalogue.error(error) if error and not error.fields else None,
        ended=ended,
    )
    if isinstance(error, TooMany):
        page.headers["Retry-After"] = str(error.retry_after_seconds)
    return page
