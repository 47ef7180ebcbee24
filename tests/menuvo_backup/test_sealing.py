"""Streams on their way into the bucket and back, through the program that everybody has."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from menuvo_backup.errors import KeyMissing, NotOpened, ProgramMissing, SettingsError, WrongKey
from menuvo_backup.sealing import (
    check_identity,
    check_keys,
    recipients_of,
    seal,
    seal_bytes,
    unseal,
    unseal_bytes,
)
from menuvo_backup.settings import Keys, Redacted
from tests.age import Pair, new_pair

pytestmark = pytest.mark.usefixtures("age")
NONE = Redacted("")
CONTENT = b"a guest's name\n" * 20_000


@pytest.fixture
def pair(age: None) -> Pair:
    return new_pair()


async def test_what_is_sealed_is_opened_by_whoever_has_any_of_the_identities(pair: Pair) -> None:
    other = new_pair()
    sealed = await seal_bytes(CONTENT, [pair.recipient, other.recipient])
    assert b"guest" not in sealed
    for one in (pair, other):
        assert await unseal_bytes(sealed, one.identity) == CONTENT


async def test_nothing_at_all_can_be_sealed_too(pair: Pair) -> None:
    assert await unseal_bytes(await seal_bytes(b"", [pair.recipient]), pair.identity) == b""


def test_age_itself_opens_it_without_us(pair: Pair, tmp_path: Path) -> None:
    sealed, key = tmp_path / "x.age", tmp_path / "key.txt"
    sealed.write_bytes(asyncio.run(seal_bytes(CONTENT, [pair.recipient])))
    key.write_text(pair.identity)
    argv = ["age", "--decrypt", "--identity", str(key), str(sealed)]
    assert subprocess.run(argv, capture_output=True, check=True).stdout == CONTENT


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def shorten(content: bytes) -> bytes:
    return content[:-1]


def cut_in_the_header(content: bytes) -> bytes:
    return content[:100]


def empty(_: bytes) -> bytes:
    return b""


def lengthen(content: bytes) -> bytes:
    return content + b"x"


@pytest.mark.parametrize("damage", [flip, shorten, cut_in_the_header, empty, lengthen])
async def test_what_is_damaged_or_cut_off_is_not_opened(
    pair: Pair, damage: Callable[[bytes], bytes]
) -> None:
    sealed = await seal_bytes(CONTENT, [pair.recipient])
    with pytest.raises(NotOpened, match="age did not open it: ") as caught:
        await unseal_bytes(damage(sealed), pair.identity)
    assert caught.value.hint


async def test_a_stranger_opens_nothing_and_all_of_it_was_read(pair: Pair) -> None:
    """So whoever sums it up on its way can tell a wrong key from a damaged object."""
    sealed, read = await seal_bytes(CONTENT, [pair.recipient]), bytearray()

    async def summed() -> AsyncGenerator[bytes]:
        for start in range(0, len(sealed), 1000):
            read.extend(sealed[start : start + 1000])
            yield sealed[start : start + 1000]

    with pytest.raises(NotOpened, match="no identity matched"):
        await collected(unseal(summed(), new_pair().identity), bytearray())
    assert read == sealed


async def collected(chunks: AsyncGenerator[bytes], into: bytearray) -> bytes:
    async for chunk in chunks:
        into.extend(chunk)
    return bytes(into)


async def test_a_source_that_fails_in_the_middle_makes_no_whole_of_the_part(pair: Pair) -> None:
    """Its end would look like the end of the file: a backup that opens, and is half of one."""

    async def failing() -> AsyncGenerator[bytes]:
        yield CONTENT
        raise OSError("the disk is gone")

    came = bytearray()
    with pytest.raises(OSError, match="the disk is gone"):
        await collected(seal(failing(), [pair.recipient]), came)
    with pytest.raises(NotOpened):
        await unseal_bytes(bytes(came), pair.identity)


async def test_who_stops_reading_leaves_no_program_behind(pair: Pair) -> None:
    async def endless() -> AsyncGenerator[bytes]:
        while True:
            yield CONTENT

    async with aclosing(seal(endless(), [pair.recipient])) as sealed:
        assert await anext(sealed)
        assert len(programs()) == 1
    assert programs() == []


def programs() -> list[Path]:
    """Those of age that we have started, and not seen the end of."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    children = [Path("/proc", pid) for pid in listed]
    return [child for child in children if (child / "comm").read_text() == "age\n"]


async def test_the_identity_is_in_no_argument_and_its_file_is_gone_afterwards(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sealed = await seal_bytes(CONTENT, [pair.recipient])

    async def watched() -> AsyncGenerator[bytes]:
        assert [shown for shown in shown_of_programs() if pair.identity in shown] == []
        assert modes_in(tmp_path) == [0o700, 0o600]
        yield sealed

    assert await collected(unseal(watched(), pair.identity), bytearray()) == CONTENT
    assert modes_in(tmp_path) == []


def shown_of_programs() -> list[str]:
    """To every other process of the same user."""
    (program,) = programs()
    return [(program / name).read_text() for name in ("cmdline", "environ")]


def modes_in(folder: Path) -> list[int]:
    """Of all that is in it, a folder before its files."""
    return [path.stat().st_mode & 0o777 for path in folder.rglob("*")]


async def test_before_anything_is_fetched_it_is_said_whose_key_is_needed(pair: Pair) -> None:
    other = new_pair()
    await check_identity(pair.identity, [other.recipient, pair.recipient], what="Backup 1")
    with pytest.raises(KeyMissing, match="Backup 1 is sealed") as missing:
        await check_identity(NONE, [other.recipient], what="Backup 1")
    with pytest.raises(WrongKey, match=pair.recipient) as wrong:
        await check_identity(pair.identity, [other.recipient], what="Backup 1")
    for caught in (missing, wrong):
        assert other.recipient in caught.value.hint
        assert "BACKUP_AGE_IDENTITY" in caught.value.hint
        assert pair.identity not in str(caught.value)


async def test_keys_that_belong_together_are_taken_and_so_is_one_half(pair: Pair) -> None:
    await check_keys(Keys((new_pair().recipient, pair.recipient), pair.identity))
    await check_keys(Keys((pair.recipient,), NONE))
    await check_keys(Keys((), pair.identity))
    await check_keys(Keys((), NONE))


async def test_keys_that_do_not_are_refused_at_the_start(pair: Pair) -> None:
    other = new_pair()
    with pytest.raises(SettingsError, match="opens nothing") as caught:
        await check_keys(Keys((other.recipient,), pair.identity))
    assert await recipients_of(pair.identity) == [pair.recipient]
    assert pair.recipient in str(caught.value)
    assert pair.identity not in str(caught.value)


async def test_each_misspelt_key_is_named_and_the_secret_one_is_not_shown(pair: Pair) -> None:
    misspelt = Redacted(pair.identity[:-1] + ("Q" if pair.identity[-1] != "Q" else "P"))
    recipient = pair.recipient[:-1] + ("q" if pair.recipient[-1] != "q" else "p")
    with pytest.raises(SettingsError) as caught:
        await check_keys(Keys((recipient, pair.recipient), misspelt))
    told = caught.value.problems
    assert [problem.partition(":")[0] for problem in told] == [
        "BACKUP_AGE_IDENTITY",
        "BACKUP_AGE_RECIPIENT",
    ]
    assert recipient in told[1]
    assert misspelt not in str(caught.value)


async def test_without_the_program_it_says_so(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramMissing, match="The program age is not in this image"):
        await seal_bytes(CONTENT, [pair.recipient])


THROUGH = """
import asyncio, resource, sys
from menuvo_backup.sealing import seal, unseal
from menuvo_backup.settings import Redacted

async def source(mebibytes):
    for _ in range(mebibytes):
        yield bytes(1024 * 1024)

async def main():
    recipient, identity, mebibytes = sys.argv[1], Redacted(sys.argv[2]), int(sys.argv[3])
    size = 0
    async for chunk in unseal(seal(source(mebibytes), [recipient]), identity):
        size += len(chunk)
    ours, theirs = (
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(size, ours, theirs)

asyncio.run(main())
"""


def test_the_memory_does_not_grow_with_what_passes(pair: Pair) -> None:
    def passed(mebibytes: int) -> list[int]:
        argv = [sys.executable, "-c", THROUGH, pair.recipient, pair.identity, str(mebibytes)]
        return [int(one) for one in subprocess.check_output(argv).split()]

    few, many = passed(16), passed(320)
    assert (few[0], many[0]) == (16 * 1024**2, 320 * 1024**2)
    for little, much in zip(few[1:], many[1:], strict=True):
        assert much < little + 16


async def test_an_older_identity_behind_the_new_one_still_opens(pair: Pair) -> None:
    old = new_pair()
    both = Redacted(f"{pair.identity}\n{old.identity}")
    await check_keys(Keys((pair.recipient,), both))
    await check_identity(both, [old.recipient], what="Backup 1")
    assert await unseal_bytes(await seal_bytes(CONTENT, [old.recipient]), both) == CONTENT
