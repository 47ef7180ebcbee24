import httpx

from menuvo_platform.db.session import Sessions
from tests.menuvo_platform.rows import add_store


async def test_the_start_follows_how_many_stores_there_are(
    client: httpx.AsyncClient, owner_sessions: Sessions
) -> None:
    nothing = await client.get("/")
    assert nothing.status_code == 200
    assert "Hier ist noch kein Restaurant" in nothing.text

    only = await add_store(owner_sessions)
    await add_store(owner_sessions, active=False)
    one = await client.get("/")
    assert (one.status_code, one.headers["location"]) == (302, f"/{only.slug}")

    second = await add_store(owner_sessions, name="Ziegelhof")
    several = await client.get("/")
    assert several.status_code == 200
    assert several.text.index(f"/{only.slug}") < several.text.index(f"/{second.slug}")
    english = await client.get("/", headers={"Accept-Language": "en"})
    assert "Our restaurants" in english.text
