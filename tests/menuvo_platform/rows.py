"""Rows that tests start from, written as the owner; every test takes a merchant of its own."""

import uuid
from dataclasses import dataclass

from sqlalchemy import insert

from menuvo_platform.accounts.models import User
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id, new_token
from menuvo_platform.merchants.models import Merchant
from menuvo_platform.stores.models import OpeningSlot, ServicePoint, Store, StoreCounter


@dataclass(frozen=True)
class StoreRow:
    id: uuid.UUID
    merchant_id: uuid.UUID
    slug: str


async def add_store(
    sessions: Sessions,
    *,
    merchant_id: uuid.UUID | None = None,
    always_open: bool = True,
    **values: object,
) -> StoreRow:
    """A store that is open around the clock, of a merchant of its own unless one is given."""
    store_id, slug = new_id(), f"store-{new_id().hex}"
    async with transaction(sessions) as session:
        if merchant_id is None:
            merchant_id = new_id()
            await session.execute(insert(Merchant).values(merchant_values(merchant_id)))
        store = {**store_values(merchant_id, slug=slug), "id": store_id, **values}
        await session.execute(insert(Store).values(store))
        await session.execute(
            insert(StoreCounter).values(store_id=store_id, merchant_id=merchant_id)
        )
        if always_open:
            await session.execute(insert(OpeningSlot), around_the_clock(merchant_id, store_id))
    return StoreRow(id=store_id, merchant_id=merchant_id, slug=slug)


async def add_table(
    sessions: Sessions, store: StoreRow, name: str = "Tisch 12", **values: object
) -> str:
    """The token of its code."""
    token = new_token()
    table = {"id": new_id(), "name": name, "zone": "Garten", "position": 1, "token": token}
    async with transaction(sessions) as session:
        await session.execute(
            insert(ServicePoint).values(
                **{**table, **values}, merchant_id=store.merchant_id, store_id=store.id
            )
        )
    return token


async def add_user(sessions: Sessions) -> uuid.UUID:
    """Somebody to have done things; nobody can sign in as them."""
    user_id = new_id()
    async with transaction(sessions) as session:
        await session.execute(
            insert(User).values(
                id=user_id, email=f"{user_id.hex}@example.org", name="Kim Koch", password_hash=""
            )
        )
    return user_id


def around_the_clock(merchant_id: uuid.UUID, store_id: uuid.UUID) -> list[dict[str, object]]:
    return [
        {
            "id": new_id(),
            "merchant_id": merchant_id,
            "store_id": store_id,
            "weekday": weekday,
            "opens_minute": 0,
            "closes_minute": 1440,
        }
        for weekday in range(7)
    ]


def merchant_values(merchant_id: uuid.UUID) -> dict[str, object]:
    return {
        "id": merchant_id,
        "legal_name": "Gasthaus Probe GmbH",
        "representative": "Paula Probe",
        "street": "Probeweg 1",
        "postal_code": "79098",
        "city": "Freiburg",
        "country": "DE",
        "email": "probe@example.org",
        "phone": "+49 761 5550100",
        "languages": ["de", "en"],
    }


def store_values(merchant_id: uuid.UUID, slug: str) -> dict[str, object]:
    return {
        "id": new_id(),
        "merchant_id": merchant_id,
        "slug": slug,
        "name": "Gasthaus Probe",
        "street": "Probeweg 1",
        "postal_code": "79098",
        "city": "Freiburg",
        "country": "DE",
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "fulfilments": ["dine_in", "pickup"],
        "pay_at_counter": True,
    }
