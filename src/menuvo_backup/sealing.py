"""Sealing: what goes into the bucket is read only by whoever has the identity, which need not be
here. Every kind of object goes through `seal` on its way out and through `unseal` on its way back.

The format is age's (age-encryption.org/v1), and so is the program: `age --decrypt` opens it
without us. Nothing is held: both are streams, and the program takes some 17 MB for any size.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress

from menuvo_backup.errors import KeyMissing, NotOpened, SealingFailed, SettingsError, WrongKey
from menuvo_backup.postgres import environment_of_programs
from menuvo_backup.private import private_file
from menuvo_backup.programs import Program, running
from menuvo_backup.settings import Keys, Redacted

# Behind the name of an object that is sealed, as age's users know it.
SUFFIX = ".age"
_NEEDED = "It needs BACKUP_AGE_IDENTITY to be the identity of {recipients}."
_UNOPENED = "Is it from somewhere else, or of a newer age? Try: age --decrypt --identity key.txt"


async def seal(chunks: AsyncGenerator[bytes], recipients: Sequence[str]) -> AsyncGenerator[bytes]:
    """Whoever has the identity of any of the recipients can open it. Raises SealingFailed."""
    argv = ["age", "--encrypt", *(f"--recipient={one}" for one in recipients)]
    async with (
        running(argv, environment_of_programs(), talks=True) as program,
        aclosing(_through(program, chunks)) as sealed,
    ):
        async for chunk in sealed:
            yield chunk
    if program.failed:
        raise SealingFailed(
            f"age did not seal it: {_said(program)}.",
            hint="Is every BACKUP_AGE_RECIPIENT right? It looks like: age1...",
        )


async def unseal(chunks: AsyncGenerator[bytes], identity: Redacted) -> AsyncGenerator[bytes]:
    """What was sealed, as it comes: it is whole only when the end came without an error.

    Raises NotOpened for what is damaged, cut off, or sealed for somebody else; the chunks were
    then all read, so whoever summed them up can tell which of these it is."""
    with private_file(f"{identity}\n") as file:
        argv = ["age", "--decrypt", f"--identity={file}"]
        async with (
            running(argv, environment_of_programs(), talks=True) as program,
            aclosing(_through(program, chunks)) as opened,
        ):
            async for chunk in opened:
                yield chunk
    if program.failed:
        raise NotOpened(f"age did not open it: {_said(program)}.", hint=_UNOPENED)


def sealed_at_most(size: int) -> int:
    """A seal for each 64 KiB, and a header with a line for each recipient."""
    return size + 16 * (size // 65_536 + 1) + 65_536


async def seal_bytes(content: bytes, recipients: Sequence[str]) -> bytes:
    return await _whole(seal(_one(content), recipients))


async def unseal_bytes(content: bytes, identity: Redacted) -> bytes:
    return await _whole(unseal(_one(content), identity))


async def check_identity(identity: Redacted, recipients: Sequence[str], *, what: str) -> None:
    """Before anything is fetched. Raises KeyMissing and WrongKey."""
    hint = _NEEDED.format(recipients=_either(recipients))
    if not identity:
        raise KeyMissing(f"{what} is sealed, and the key to open it is not here.", hint=hint)
    own = await recipients_of(identity)
    if not set(own) & set(recipients):
        raise WrongKey(
            f"{what} is sealed for somebody else than {_either(own)}, whose key is here.", hint=hint
        )


async def check_keys(keys: Keys) -> None:
    """Raises SettingsError for keys that age does not know, or that do not belong together."""
    problems: list[str] = []
    own: list[str] = []
    if keys.identity:
        try:
            own = await recipients_of(keys.identity)
        except NotOpened as error:
            problems.append(f"BACKUP_AGE_IDENTITY: {error.cause}")
    for recipient in keys.recipients:
        try:
            _ = await seal_bytes(b"", [recipient])
        except SealingFailed as error:
            problems.append(f"BACKUP_AGE_RECIPIENT: {error.cause}")
    if not problems and own and keys.recipients and not set(own) & set(keys.recipients):
        problems.append(
            "BACKUP_AGE_IDENTITY opens nothing that is sealed for BACKUP_AGE_RECIPIENT: "
            f"its recipient is {_either(own)}."
        )
    if problems:
        raise SettingsError(problems)


async def recipients_of(identity: Redacted) -> list[str]:
    """The public half of each. Raises NotOpened for what is no identity."""
    with private_file(f"{identity}\n") as file:
        argv = ["age-keygen", "-y", str(file)]
        async with running(argv, environment_of_programs()) as program:
            answer = await program.read_all()
    if program.failed:
        raise NotOpened(
            "It is no identity of age.", hint="It looks like: AGE-SECRET-KEY-1..., in one line."
        )
    return answer.decode().split()


async def _through(program: Program, chunks: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """What the program makes of the chunks, while they come."""
    feeding = asyncio.create_task(_feed(program, chunks))
    try:
        while chunk := await program.read():
            yield chunk
        await feeding
    finally:
        _ = feeding.cancel()
        with suppress(asyncio.CancelledError):
            await feeding


async def _feed(program: Program, chunks: AsyncGenerator[bytes]) -> None:
    try:
        await program.feed(chunks)
    except BaseException:
        program.kill()
        raise


def _either(recipients: Sequence[str]) -> str:
    return " or ".join(recipients)


def _said(program: Program) -> str:
    """The first line that is an error; the others are about age itself."""
    lines = program.last_words.splitlines()
    error = next((line for line in lines if "error: " in line), "")
    return error.partition("error: ")[2] or program.complaint


async def _one(content: bytes) -> AsyncGenerator[bytes]:
    yield content


async def _whole(chunks: AsyncGenerator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])
