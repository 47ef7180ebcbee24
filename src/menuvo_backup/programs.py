"""A program of PostgreSQL's or age's, run beside us: what it says, and how it ends."""

import asyncio
import signal
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from typing import cast

from menuvo_backup.errors import ProgramMissing

_CHUNK = 256 * 1024
_LAST_BYTES = 2000
_PATIENCE_SECONDS = 5


class Program:
    def __init__(self, process: Process) -> None:
        self._process: Process = process
        # Both were asked for, so both are there.
        self._stdout: StreamReader = cast("StreamReader", process.stdout)
        self._stderr: StreamReader = cast("StreamReader", process.stderr)
        self._stdin: StreamWriter | None = process.stdin
        self._last_words: bytes = b""

    async def read(self) -> bytes:
        return await self._stdout.read(_CHUNK)

    async def read_all(self) -> bytes:
        return await self._stdout.read()

    async def read_line(self) -> bytes:
        """Empty when there is no more."""
        return await self._stdout.readline()

    async def write(self, text: str) -> None:
        """To a program that was started to be talked to; one that is gone says why at its end."""
        if self._stdin is not None:
            with suppress(ConnectionError):
                self._stdin.write(text.encode())
                await self._stdin.drain()

    async def feed(self, chunks: AsyncGenerator[bytes]) -> None:
        """All of them, then the end of its input. A program that is gone is fed no more, and the
        chunks are read to their end all the same: somebody may be summing them up.

        Where the chunks fail, the program never sees an end, and takes no part for the whole."""
        stdin = cast("StreamWriter", self._stdin)
        async with aclosing(chunks):
            async for chunk in chunks:
                with suppress(ConnectionError):
                    stdin.write(chunk)
                    await stdin.drain()
        with suppress(ConnectionError):
            stdin.write_eof()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()

    async def end(
        self, by: signal.Signals = signal.SIGTERM, *, within: float = _PATIENCE_SECONDS
    ) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(by)
        try:
            await asyncio.wait_for(self._drain(), within)
        except TimeoutError:
            self.kill()
            await self._drain()

    async def _drain(self) -> None:
        """Waiting for a program does not return while its output is not read."""
        while await self.read():
            pass

    async def listen(self) -> None:
        while words := await self._stderr.read(_LAST_BYTES):
            self._last_words = (self._last_words + words)[-_LAST_BYTES:]

    @property
    def lasts(self) -> bool:
        return self._process.returncode is None

    @property
    def failed(self) -> bool:
        return self._process.returncode != 0

    @property
    def killed(self) -> bool:
        """It ended by a signal, of ours or of its own fault."""
        return (self._process.returncode or 0) < 0

    @property
    def last_words(self) -> str:
        return self._last_words.decode(errors="replace")

    @property
    def complaint(self) -> str:
        lines = self.last_words.split("\n")
        said = "; ".join(line.strip() for line in lines[-4:] if line.strip())
        return said.rstrip(".") or f"it ended with {self._process.returncode} and said nothing"


@asynccontextmanager
async def running(
    argv: list[str], environment: Mapping[str, str], *, talks: bool = False
) -> AsyncGenerator[Program]:
    """Whatever ends the block, the program ends with it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            env=environment,
            stdin=PIPE if talks else DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            limit=_CHUNK,
        )
    except FileNotFoundError as error:
        raise ProgramMissing(
            f"The program {argv[0]} is not in this image.",
            hint="Build it by infra/Dockerfile.backup, from PostgreSQL's image (POSTGRES_IMAGE).",
        ) from error
    program = Program(process)
    listening = asyncio.create_task(program.listen())
    try:
        yield program
    except BaseException:
        await program.end()
        raise
    finally:
        await listening
        _ = await process.wait()
