from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from menuvo_platform.accounts.roles import Right
from menuvo_platform.console.access import list_stores
from menuvo_platform.console.desk import Desk
from menuvo_platform.console.frame import personal_frame
from menuvo_platform.console.home import queries
from menuvo_platform.console.home.views import next_steps
from menuvo_platform.web.logins import HOME, SignedIn
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.rendering import Renderer

RECENT_ORDERS = 12


@get(HOME)
async def choose_store(
    platform: NamedDependency[Platform],
    renderer: NamedDependency[Renderer],
    signed_in: NamedDependency[SignedIn],
) -> Response[str] | Redirect:
    """Straight to the store for whoever works in one only."""
    stores = await list_stores(platform.sessions, signed_in.person, platform.clock())
    if len(stores) == 1:
        return Redirect(f"{HOME}/stores/{stores[0].id}", status_code=303)
    return renderer.page(
        "console/stores.html",
        signed_in.person.language,
        frame=personal_frame(signed_in, stores),
        csrf_token=signed_in.csrf,
        stores=stores,
    )


@get("/")
async def show_home(desk: NamedDependency[Desk]) -> Response[str]:
    store, session = desk.store, desk.session
    today = store.business_day_of(desk.now)
    setup = await queries.read_setup(session, store.id)
    return desk.page(
        "home",
        "home.html",
        now=desk.now,
        opening=store.opening_at(desk.now),
        sees_turnover=desk.may(Right.TURNOVER),
        totals=await queries.read_day_totals(session, store.id, today),
        orders=await queries.list_recent_orders(session, store.id, today, RECENT_ORDERS),
        steps=next_steps(setup, desk.access.rights),
    )
