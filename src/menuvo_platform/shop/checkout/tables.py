"""The table at which a guest sits, as the code said that they scanned."""

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import enter_scope
from menuvo_platform.shop.venue import Venue
from menuvo_platform.stores import service as stores
from menuvo_platform.stores.schemas import ServicePointView


async def find_table(
    session: AsyncSession, venue: Venue, token: str | None
) -> ServicePointView | None:
    """None without a code, and for one of another store or one that was taken back since."""
    if token is None:
        return None
    try:
        table = await stores.get_service_point(session, token)
    except (stores.TableUnknown, stores.TableInactive):
        return None
    finally:
        # A code leads into the scope of its merchant, who may be another one.
        await enter_scope(session, venue.store.merchant_id)
    return table if table.store_id == venue.store.id else None
