import httpx
from sqlalchemy import func, select

from menuvo_platform.accounts.models import Throttle
from menuvo_platform.app import Application
from menuvo_platform.db.session import Sessions, transaction
from tests.menuvo_platform import rows
from tests.menuvo_platform.conftest import BASE_URL


async def test_all_addresses_of_one_ipv6_customer_are_counted_together(
    application: Application, owner_sessions: Sessions
) -> None:
    store = await rows.add_store(owner_sessions)
    for address in ("2001:db8::1", "2001:db8::2:3"):
        transport = httpx.ASGITransport(app=application, client=(address, 1))  # pyright: ignore[reportArgumentType]
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as guest:
            await guest.post(f"/{store.slug}/checkout", data={"quote": "x"})
    async with transaction(owner_sessions) as session:
        of_addresses = Throttle.key.startswith("place-address:")
        counted = select(func.count()).select_from(Throttle).where(of_addresses)
        assert await session.scalar(counted) == 1
