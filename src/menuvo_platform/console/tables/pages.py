import asyncio
import uuid

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from menuvo_platform.console.desk import Desk
from menuvo_platform.console.tables.qr import draw_code
from menuvo_platform.console.tables.views import TableCard, table_card, zones
from menuvo_platform.stores.tables import service as tables


@get("/")
async def show_tables(desk: NamedDependency[Desk]) -> Response[str]:
    return desk.page("tables", "tables.html", zones=zones(await _read_cards(desk)))


@get("/print")
async def print_tables(desk: NamedDependency[Desk]) -> Response[str]:
    """Cards to cut out; a code that does not count is not printed."""
    cards = [card for card in await _read_cards(desk) if card.active]
    return desk.page("tables", "tables_print.html", tables=cards)


@get("/{table_id:uuid}")
async def show_table(table_id: FromPath[uuid.UUID], desk: NamedDependency[Desk]) -> Response[str]:
    return desk.page("tables", "table.html", table=await _read_card(desk, table_id))


@get("/{table_id:uuid}/code.svg")
async def draw_table_code(
    table_id: FromPath[uuid.UUID], desk: NamedDependency[Desk]
) -> Response[bytes]:
    card = await _read_card(desk, table_id)
    return Response(
        await asyncio.to_thread(draw_code, card.address),
        media_type="image/svg+xml",
        headers={"Cache-Control": "private, no-cache"},
    )


@post("/{table_id:uuid}/revoke", status_code=303)
async def revoke_code(table_id: FromPath[uuid.UUID], desk: NamedDependency[Desk]) -> Redirect:
    await tables.revoke_code(
        desk.session, desk.store.id, table_id, user_id=desk.user_id, now=desk.now
    )
    return desk.go_to(f"/tables/{table_id}")


@post("/{table_id:uuid}/reissue", status_code=303)
async def reissue_code(table_id: FromPath[uuid.UUID], desk: NamedDependency[Desk]) -> Redirect:
    await tables.reissue_code(
        desk.session, desk.store.id, table_id, user_id=desk.user_id, now=desk.now
    )
    return desk.go_to(f"/tables/{table_id}")


async def _read_cards(desk: Desk) -> list[TableCard]:
    found = await tables.list_tables(desk.session, desk.store.id)
    return [
        table_card(table, desk.platform.settings.public_url, desk.store.slug) for table in found
    ]


async def _read_card(desk: Desk, table_id: uuid.UUID) -> TableCard:
    table = await tables.get_table(desk.session, desk.store.id, table_id)
    return table_card(table, desk.platform.settings.public_url, desk.store.slug)
