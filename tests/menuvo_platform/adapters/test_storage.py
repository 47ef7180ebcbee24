import os
from pathlib import Path

import pytest

from menuvo_platform.adapters.storage import Storage, local_storage
from menuvo_platform.errors import NoRoom
from tests.menuvo_platform.adapters.disks import small_files_only

KEY = "m/0190/abc/320.webp"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return local_storage(tmp_path / "objects")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


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
    assert files_in(tmp_path) == [tmp_path / "objects" / KEY]


async def test_what_was_put_is_on_the_disk_with_every_folder_on_its_way(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[tuple[str, int]] = []
    really_force = os.fsync

    def force(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        forced.append((str(path.relative_to(tmp_path)), path.stat().st_size))
        really_force(descriptor)

    monkeypatch.setattr(os, "fsync", force)
    await storage.put(KEY, b"x" * 1000)
    assert forced[0] == (f"objects/{KEY}", 1000)
    assert [path for path, _ in forced[1:]] == [
        "objects/m/0190/abc",
        "objects/m/0190",
        "objects/m",
        "objects",
    ]


async def test_an_object_for_which_there_is_no_room_leaves_nothing_behind(
    storage: Storage, tmp_path: Path
) -> None:
    await storage.put(KEY, b"before")
    with small_files_only(), pytest.raises(NoRoom):
        await storage.put(KEY, b"x" * 1_000_000)
    assert files_in(tmp_path) == [tmp_path / "objects" / KEY]
    assert await storage.get(KEY) == b"before"


@pytest.mark.parametrize(
    "key",
    ["", "/", "/etc/passwd", "../secret", "m/../../secret", "m//x", "m/x/", "m/.hidden", "m/\x00",
     "m/x\n", "m/ü", "m\\x", "m/%2e%2e/x", "a" * 513],
)  # fmt: skip
async def test_a_key_that_is_not_one_is_refused(storage: Storage, key: str) -> None:
    for use in (storage.get(key), storage.put(key, b""), storage.delete(key), storage.exists(key)):
        with pytest.raises(ValueError, match="not a key"):
            await use
