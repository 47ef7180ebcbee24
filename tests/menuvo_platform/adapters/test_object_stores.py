"""Storage on a real S3 server, and what becomes of it when the server is not as it should be."""

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from obstore.store import S3Store

from menuvo_ops.local.ports import free_port
from menuvo_platform.adapters.object_stores import S3Storage, StorageUnavailable
from menuvo_platform.settings import Redacted, S3Settings
from tests.conversations import conversing
from tests.menuvo_platform.silence import say_nothing
from tests.versitygw import ACCESS_KEY, SECRET_KEY, ObjectServer, running_object_server

# The first run on a machine builds the server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PICTURE = "m/01a20b66-90af-76b3-b4b9-5e6b7b0d0c69/ab/320.webp"
ORIGINAL = "originals/01a20b66-90af-76b3-b4b9-5e6b7b0d0c69/ab"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[ObjectServer]:
    with running_object_server(tmp_path_factory.mktemp("objects")) as server:
        yield server


@pytest.fixture
def storage(server: ObjectServer) -> S3Storage:
    return S3Storage(server.settings)


@pytest.mark.parametrize("key", [PICTURE, ORIGINAL])
async def test_what_was_put_is_there_until_it_is_deleted(storage: S3Storage, key: str) -> None:
    assert await storage.find(key) is None
    assert not await storage.exists(key)
    await storage.put(key, b"first")
    await storage.put(key, b"second")
    assert await storage.get(key) == await storage.find(key) == b"second"
    assert await storage.exists(key)
    await storage.delete(key)
    await storage.delete(key)
    assert not await storage.exists(key)


@pytest.mark.parametrize("key", [PICTURE, ORIGINAL])
async def test_getting_what_is_not_there_says_so_and_names_nothing(
    storage: S3Storage, server: ObjectServer, key: str
) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        await storage.get(key)
    assert key not in str(caught.value)
    assert server.settings.endpoint not in str(caught.value)


async def test_only_pictures_of_menus_lie_in_the_public_bucket(
    storage: S3Storage, server: ObjectServer
) -> None:
    await storage.put(PICTURE, b"for everyone")
    for private in (ORIGINAL, "imports/x/y", "menus/x", "m-like/x"):
        await storage.put(private, b"for nobody")
        assert not (server.root / "pictures" / private).exists()
        assert (server.root / "files" / private).read_bytes() == b"for nobody"
    assert (server.root / "pictures" / PICTURE).read_bytes() == b"for everyone"
    assert not (server.root / "files" / PICTURE).exists()


async def test_a_browser_is_told_that_a_picture_is_webp_and_stays_as_it_is(
    storage: S3Storage, server: ObjectServer
) -> None:
    await storage.put(PICTURE, b"picture")
    await storage.put(ORIGINAL, b"original")
    assert (await attributes_of(server, "pictures", PICTURE)) == {
        "Content-Type": "image/webp",
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    assert "Cache-Control" not in await attributes_of(server, "files", ORIGINAL)


async def test_a_menu_of_25_megabytes_comes_back_as_it_went(
    storage: S3Storage, server: ObjectServer
) -> None:
    content = bytes(range(256)) * (25 * 1024 * 4)
    await storage.put("imports/large", content)
    assert await storage.get("imports/large") == content
    # In one piece: no upload in parts was begun that a cut could have left behind.
    assert not [*(server.root / "files").glob(".sgwtmp/multipart/*/*")]


@pytest.mark.parametrize(
    ("changed", "trouble"),
    [
        ({"access_key_id": Redacted("SOMEBODY-ELSE")}, "wrong_key"),
        ({"secret_access_key": Redacted("not-the-secret")}, "wrong_key"),
        ({"bucket": "no-such-bucket", "files_bucket": "no-such-bucket"}, "no_bucket"),
        ({"region": "eu-central-1"}, "wrong_region"),
        ({"endpoint": "http://127.0.0.1:9"}, "unreachable"),
        ({"endpoint": "http://menuvo.invalid"}, "unreachable"),
    ],
)
async def test_trouble_is_a_sentence_for_people_and_its_kind_for_the_operator(
    server: ObjectServer,
    capfd: pytest.CaptureFixture[str],
    changed: dict[str, str],
    trouble: str,
) -> None:
    settings = replace(server.settings, **changed)
    storage = S3Storage(settings)
    for key in (PICTURE, ORIGINAL):
        for use in (storage.put(key, b"x"), storage.get(key), storage.find(key)):
            with pytest.raises(StorageUnavailable) as caught:
                await use
            error = caught.value
            assert (error.status, error.code) == (503, "storage.unavailable")
            assert error.trouble == trouble
            # Logs and reports of errors go through what caused it, too.
            assert error.__cause__ is error.__context__ is None
            assert_names_nothing(f"{error} {error!r}", settings, key)
    logged = capfd.readouterr()
    assert trouble in logged.out
    assert_names_nothing(logged.out + logged.err, settings, PICTURE)


async def test_an_https_endpoint_is_never_asked_in_clear(server: ObjectServer) -> None:
    storage = S3Storage(replace(server.settings, endpoint=f"https://127.0.0.1:{server.port}"))
    with pytest.raises(StorageUnavailable) as caught:
        await storage.find(PICTURE)
    assert caught.value.trouble == "unreachable"


async def test_variables_of_another_account_change_nothing(
    server: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "SOMEBODY-ELSE")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "true")
    storage = S3Storage(server.settings)
    await storage.put(PICTURE, b"ours")
    assert await storage.get(PICTURE) == b"ours"


async def test_a_server_that_is_away_is_waited_for_a_little_and_then_found_again(
    tmp_path: Path,
) -> None:
    server = ObjectServer(free_port(), tmp_path / "s3")
    storage = S3Storage(server.settings)
    with server.running():
        await storage.put(PICTURE, b"kept")
    asked = time.monotonic()
    with pytest.raises(StorageUnavailable):
        await storage.find(PICTURE)
    assert time.monotonic() - asked < 5
    with server.running():
        assert await storage.find(PICTURE) == b"kept"


async def test_what_is_cut_off_in_the_middle_is_not_taken_for_the_whole(
    server: ObjectServer, storage: S3Storage
) -> None:
    content = b"x" * 4_000_000
    await storage.put("imports/cut", content)
    async with line_that_passes(500_000, to=server) as through:
        with pytest.raises(StorageUnavailable):
            await S3Storage(through).get("imports/cut")
        with pytest.raises(StorageUnavailable):
            await S3Storage(through).put("imports/new", content)
    assert not await storage.exists("imports/new")


async def test_a_server_that_says_nothing_does_not_hold_a_guest_up() -> None:
    async with conversing(say_nothing) as port:
        storage = S3Storage(account_at(port))
        asked = time.monotonic()
        with pytest.raises(StorageUnavailable):
            await storage.find(PICTURE)
        assert time.monotonic() - asked < 12


@asynccontextmanager
async def line_that_passes(most: int, *, to: ObjectServer) -> AsyncGenerator[S3Settings]:
    """Each connection through it is cut after so many bytes of one direction."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passed = 0
        while passed < most and (part := await reader.read(64 * 1024)):
            passed += len(part)
            writer.write(part)
            await writer.drain()
        writer.transport.abort()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", to.port)
        ways = [pass_on(reader, far_writer), pass_on(far_reader, writer)]
        try:
            await asyncio.gather(*ways, return_exceptions=True)
        finally:
            far_writer.transport.abort()

    async with conversing(connect) as port:
        # Signed for the server's own address, which is in the Host header that the client sends.
        yield replace(to.settings, endpoint=f"http://127.0.0.1:{port}")


def account_at(port: int) -> S3Settings:
    return ObjectServer(port, Path("/nowhere")).settings


async def attributes_of(server: ObjectServer, bucket: str, key: str) -> dict[str, str]:
    """As the server itself says, asked without the platform."""
    store = S3Store(
        bucket,
        endpoint=server.settings.endpoint,
        region="auto",
        access_key_id=ACCESS_KEY,
        secret_access_key=SECRET_KEY,
        client_options={"allow_http": True},
    )
    return dict((await store.get_async(key)).attributes)


def assert_names_nothing(said: str, settings: S3Settings, key: str) -> None:
    for secret in (
        key,
        settings.endpoint.partition("://")[2],
        settings.bucket,
        settings.access_key_id,
        settings.secret_access_key,
    ):
        assert str(secret) not in said
