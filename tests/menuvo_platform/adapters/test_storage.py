from pathlib import Path

import pytest

from menuvo_platform.adapters.storage import Storage, local_storage

KEY = "m/0190/abc/320.webp"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return local_storage(tmp_path / "objects")


async def test_what_was_put_is_there_until_it_is_deleted(storage: Storage) -> None:
    assert await storage.find(KEY) is None
    assert not await storage.exists(KEY)
    await storage.put(KEY, b"first")
    await storage.put(KEY, b"second")
    assert await storage.get(KEY) == await storage.find(KEY) == b"second"
    assert await storage.exists(KEY)
    await storage.delete(KEY)
    await storage.delete(KEY)
    assert not await storage.exists(KEY)


async def test_getting_what_is_not_there_says_so(storage: Storage) -> None:
    with pytest.raises(FileNotFoundError):
        await storage.get(KEY)


async def test_an_object_appears_whole_and_leaves_no_other_file(
    storage: Storage, tmp_path: Path
) -> None:
    await storage.put(KEY, b"x" * 1_000_000)
    files = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    assert files == [tmp_path / "objects" / KEY]


@pytest.mark.parametrize(
    "key",
    ["", "/", "/etc/passwd", "../secret", "m/../../secret", "m//x", "m/x/", "m/.hidden", "m/\x00",
     "m/x\n", "m/ü", "m\\x", "m/%2e%2e/x", "a" * 513],
)  # fmt: skip
async def test_a_key_that_is_not_one_is_refused(storage: Storage, key: str) -> None:
    for use in (storage.get(key), storage.put(key, b""), storage.delete(key), storage.exists(key)):
        with pytest.raises(ValueError, match="not a key"):
            await use
