"""The cache with pages that count how often they are made."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

import brotli
import httpx
import pytest
from litestar.types import Receive, Scope, Send
from sqlalchemy.exc import OperationalError

from menuvo_platform.adapters.pubsub import connect
from menuvo_platform.app import running
from menuvo_platform.clock import utc_now
from menuvo_platform.web.drain import Drain
from menuvo_platform.web.feed import Feed
from menuvo_platform.web.page_cache import MenuPage, PageCache

STORE = uuid.uuid4()


class CountedPages:
    def __init__(self) -> None:
        self.revision = 1
        self.made = 0
        self.lost = False
        self.changes_in: timedelta | None = None

    async def load(self, slug: str, language: str | None) -> MenuPage | None:
        await asyncio.sleep(0)
        if self.lost:
            raise OperationalError("SELECT", {}, Exception("the database is away"))
        if slug == "unknown" or language == "xx":
            return None
        self.made += 1
        changes_at = utc_now() + self.changes_in if self.changes_in else None
        return MenuPage(
            f"<p>{slug} {language} {self.revision}" * 50, STORE, self.revision, changes_at
        )

    async def revisions(self, store_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
        return dict.fromkeys(store_ids, self.revision)


async def behind(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b"behind", "more_body": False})


@pytest.fixture
def pages() -> CountedPages:
    return CountedPages()


@pytest.fixture
def drain() -> Drain:
    return Drain()


@pytest.fixture
def cache(pages: CountedPages, drain: Drain) -> PageCache:
    feed = Feed(connect("redis://127.0.0.1:1/0"))
    return PageCache(behind, pages, feed=feed, drain=drain, headers=[(b"x-menuvo-release", b"r1")])


@pytest.fixture
async def client(cache: PageCache):
    transport = httpx.ASGITransport(app=cache)  # pyright: ignore[reportArgumentType]
    async with httpx.AsyncClient(transport=transport, base_url="http://menuvo.test") as client:
        yield client


async def test_a_page_is_made_once_for_everybody(
    client: httpx.AsyncClient, pages: CountedPages
) -> None:
    first, second = await asyncio.gather(client.get("/lindenhof"), client.get("/lindenhof"))
    third = await client.get("/lindenhof", headers={"cookie": "cart=1"})
    assert first.content == second.content == third.content
    assert "set-cookie" not in first.headers
    assert first.headers["x-menuvo-release"] == "r1"
    assert pages.made == 1


async def test_languages_are_pages_of_their_own(
    client: httpx.AsyncClient, pages: CountedPages
) -> None:
    german, english = await client.get("/lindenhof"), await client.get("/lindenhof/en")
    assert german.text != english.text
    assert pages.made == 2


async def test_it_is_sent_compressed_as_the_phone_can_read_it(client: httpx.AsyncClient) -> None:
    plain = await client.get("/lindenhof", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for encoding in ("gzip", "br"):
        async with client.stream(
            "GET", "/lindenhof", headers={"accept-encoding": encoding}
        ) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == encoding
        assert int(answer.headers["content-length"]) == len(raw) < len(plain.content)
        if encoding == "br":
            assert brotli.decompress(raw) == plain.content


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("br;q=0, gzip", "gzip"), ("gzip; q=0.0", None), ("GZIP;q=0.5", "gzip"), ("vibrant", None)],
)
async def test_an_encoding_that_is_refused_is_not_sent(
    client: httpx.AsyncClient, accepted: str, sent: str | None
) -> None:
    answer = await client.get("/lindenhof", headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == sent


async def test_a_known_page_is_not_sent_again(client: httpx.AsyncClient) -> None:
    etag = (await client.get("/lindenhof")).headers["etag"]
    again = await client.get("/lindenhof", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    other = await client.get("/lindenhof/en", headers={"if-none-match": etag})
    assert other.status_code == 200


async def test_a_head_request_gets_the_headers_alone(client: httpx.AsyncClient) -> None:
    answer = await client.head("/lindenhof")
    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["content-length"]) > 0


async def test_a_change_is_seen_at_the_next_look(
    client: httpx.AsyncClient, cache: PageCache, pages: CountedPages
) -> None:
    before = await client.get("/lindenhof")
    pages.revision = 2
    await cache.look()
    after = await client.get("/lindenhof")
    assert before.content != after.content
    assert before.headers["etag"] != after.headers["etag"]


async def test_the_watch_looks_by_itself_without_redis(
    client: httpx.AsyncClient, cache: PageCache, pages: CountedPages
) -> None:
    await client.get("/lindenhof")
    async with running(cache.watch()):
        pages.revision = 2
        async with asyncio.timeout(1):
            while "lindenhof None 2" not in (await client.get("/lindenhof")).text:
                await asyncio.sleep(0.01)


async def test_an_entry_ends_when_its_store_opens_or_closes(
    client: httpx.AsyncClient, pages: CountedPages
) -> None:
    pages.changes_in = timedelta(seconds=-1)
    await client.get("/lindenhof")
    await client.get("/lindenhof")
    assert pages.made == 2


async def test_while_the_database_is_away_the_last_known_page_is_served(
    client: httpx.AsyncClient, cache: PageCache, pages: CountedPages
) -> None:
    before = await client.get("/lindenhof")
    pages.revision = 2
    await cache.look()
    pages.lost = True
    during = await client.get("/lindenhof")
    assert (during.status_code, during.content) == (200, before.content)
    pages.lost = False
    assert (await client.get("/lindenhof")).content != before.content


@pytest.mark.parametrize(
    "path", ["/unknown", "/lindenhof/xx", "/console", "/en", "/lindenhof/cart"]
)
async def test_everything_else_goes_to_the_framework(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).text == "behind"


async def test_a_post_goes_to_the_framework(client: httpx.AsyncClient) -> None:
    await client.get("/lindenhof")
    assert (await client.post("/lindenhof")).text == "behind"


async def test_while_draining_the_connection_is_closed(
    client: httpx.AsyncClient, drain: Drain
) -> None:
    assert "connection" not in (await client.get("/lindenhof")).headers
    drain.begin()
    assert (await client.get("/lindenhof")).headers["connection"] == "close"
