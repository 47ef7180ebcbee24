import json
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select
from tests.conftest import Database

from menuvo_platform.accounts.models import User
from menuvo_platform.accounts.passwords import verify_password
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.demo.seed import seed
from menuvo_platform.images.models import Image
from menuvo_platform.jobs.models import Job
from menuvo_platform.menus.models import Item, Modifier
from menuvo_platform.settings import Redacted, Settings
from menuvo_platform.stores.models import ServicePoint


async def counts(sessions: Sessions) -> list[int]:
    async with transaction(sessions) as session:
        tables = (Item, Modifier, ServicePoint, User, Image, Job)
        return [
            (await session.execute(select(func.count()).select_from(table))).scalar_one()
            for table in tables
        ]


async def test_seeding_twice_makes_one_demo_and_says_the_same(
    settings: Settings, database: Database, owner_sessions: Sessions, tmp_path: Path
) -> None:
    as_owner = replace(settings, database_url=Redacted(database.owner_url), storage_dir=tmp_path)
    first = json.loads(await seed(as_owner))
    made = await counts(owner_sessions)
    assert made[0] >= 75
    assert made[2:4] == [12, 2]
    assert made[4] == made[5] > 60
    assert json.loads(await seed(as_owner)) == first
    assert await counts(owner_sessions) == made

    assert first["menu_path"] == "/gasthaus-lindenhof"
    assert first["table_path"].startswith("/q/")
    assert [login["role"] for login in first["logins"]] == ["owner", "kitchen"]
    async with transaction(owner_sessions) as session:
        found = await session.execute(select(User.email, User.password_hash))
        hashes = {row.email: row.password_hash for row in found.all()}
    for login in first["logins"]:
        assert await verify_password(hashes[login["email"]], login["password"])
