import uuid
from dataclasses import dataclass

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.merchants.models import Merchant


@dataclass(frozen=True, slots=True)
class Business:
    """Who answers for the pages of a store."""

    legal_name: str
    representative: str
    register_court: str
    register_number: str
    vat_id: str
    street: str
    postal_code: str
    city: str
    country: str
    email: str
    phone: str


async def get_business(session: AsyncSession, merchant_id: uuid.UUID) -> Business:
    found = await session.execute(
        select(
            Merchant.legal_name,
            Merchant.representative,
            Merchant.register_court,
            Merchant.register_number,
            Merchant.vat_id,
            Merchant.street,
            Merchant.postal_code,
            Merchant.city,
            Merchant.country,
            Merchant.email,
            Merchant.phone,
        ).where(Merchant.id == merchant_id)
    )
    return msgspec.convert(found.mappings().one(), Business)
