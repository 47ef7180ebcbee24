"""`menuvo-platform seed`: the demo restaurant, in one transaction, once.

A second run finds the store and changes nothing, so whatever people did to the demo stays. The
passwords are derived from AUTH_SECRET: the same at every run, and known to nobody who has not seen
this installation print them.
"""

import hashlib
import hmac

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.accounts.passwords import hash_password
from menuvo_platform.adapters.bells import connect
from menuvo_platform.adapters.object_stores import open_storage
from menuvo_platform.db.engine import create_engine
from menuvo_platform.db.session import create_sessions, enter_scope, transaction
from menuvo_platform.demo import queries
from menuvo_platform.demo.content import Demo, load_demo
from menuvo_platform.demo.rows import People, business_rows, menu_rows, people_rows, store_rows
from menuvo_platform.demo.uploads import upload_pictures
from menuvo_platform.ids import ALPHABET, new_id
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.settings import Settings

PASSWORD_LENGTH = 12


class DemoLogin(msgspec.Struct, frozen=True):
    role: str
    email: str
    password: str


class DemoAddresses(msgspec.Struct, frozen=True):
    """What whoever tries the demo needs to know."""

    menu_path: str
    table_path: str
    console_path: str
    logins: list[DemoLogin]


async def seed(settings: Settings) -> str:
    """Makes the demo unless it is there; answers its addresses and logins as JSON."""
    demo = load_demo()
    engine = create_engine(settings.database_url)
    redis = connect(settings.redis_url)
    try:
        async with transaction(create_sessions(engine)) as session:
            if not await queries.store_exists(session, demo.store.slug):
                await _make(session, Doorbell(redis), demo, settings)
            table = await queries.first_table_token(session, demo.store.slug)
    finally:
        await redis.aclose()
        await engine.dispose()
    addresses = DemoAddresses(
        menu_path=f"/{demo.store.slug}",
        table_path=f"/q/{table}",
        console_path="/console",
        logins=[
            DemoLogin(role, person.email, demo_password(settings, person.email))
            for role, person in (("owner", demo.owner), ("kitchen", demo.kitchen))
        ],
    )
    return msgspec.json.encode(addresses).decode()


def demo_password(settings: Settings, email: str) -> str:
    digest = hmac.digest(settings.auth_secret.encode(), f"demo {email}".encode(), hashlib.sha256)
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:PASSWORD_LENGTH])


async def _make(session: AsyncSession, bell: Doorbell, demo: Demo, settings: Settings) -> None:
    merchant_id, store_id = new_id(), new_id()
    await enter_scope(session, merchant_id)
    people = People(
        owner_hash=await hash_password(demo_password(settings, demo.owner.email)),
        kitchen_hash=await hash_password(demo_password(settings, demo.kitchen.email)),
    )
    await queries.insert_rows(session, business_rows(demo, merchant_id))
    await queries.insert_rows(session, store_rows(demo, merchant_id, store_id))
    await queries.insert_rows(session, people_rows(demo, people, merchant_id, store_id))
    images = await upload_pictures(session, bell, open_storage(settings), demo)
    await queries.insert_rows(session, menu_rows(demo, merchant_id, store_id, images))
