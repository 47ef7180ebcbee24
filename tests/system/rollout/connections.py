"""HTTP/1.1 by kept connections, at a sixth of the processor time that a whole client takes.

The load stands on the machine that it measures. What it takes is missing there, and a client that
waits for a processor itself would report that wait as the platform's.
"""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httptools

_CHUNK = 262_144


@dataclass
class Reply:
    """Filled by the parser, which calls these names."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict[str, str])
    cookies: dict[str, str] = field(default_factory=dict[str, str])
    body: bytearray = field(default_factory=bytearray)
    complete: bool = False

    def on_header(self, name: bytes, value: bytes) -> None:
        key, said = name.lower().decode(), value.decode()
        if key == "set-cookie":
            cookie, _, content = said.partition(";")[0].partition("=")
            self.cookies[cookie] = content
        else:
            self.headers[key] = said

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.complete = True


@dataclass(frozen=True)
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def is_usable(self) -> bool:
        return not (self.reader.at_eof() or self.writer.is_closing())

    async def ask(self, request: bytes) -> Reply:
        reply = Reply()
        parser = httptools.HttpResponseParser(reply)
        self.writer.write(request)
        while not reply.complete:
            chunk = await self.reader.read(_CHUNK)
            if not chunk:
                raise ConnectionResetError("closed before the answer was whole")
            parser.feed_data(chunk)
        reply.status = parser.get_status_code()
        return reply


@dataclass
class Connections:
    """To one address, where `host` is meant."""

    address: tuple[str, int]
    host: str
    tls: ssl.SSLContext
    _idle: list[Connection] = field(default_factory=list[Connection])

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Reply:
        """Raises OSError, httptools.HttpParserError; a cancelled one costs its connection."""
        connection = await self._take()
        keep = False
        try:
            said = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", *_lines(headers), "", ""]
            reply = await connection.ask("\r\n".join(said).encode() + body)
            keep = reply.headers.get("connection") != "close"
        finally:
            if keep:
                self._idle.append(connection)
            else:
                connection.writer.close()
        return reply

    async def _take(self) -> Connection:
        while self._idle:
            # The one used last: the others may rest until the other side closes them.
            connection = self._idle.pop()
            if connection.is_usable:
                return connection
            connection.writer.close()
        return await self._open()

    async def _open(self) -> Connection:
        return Connection(
            *await asyncio.open_connection(
                *self.address, ssl=self.tls, server_hostname=self.host, limit=_CHUNK
            )
        )

    async def close(self) -> None:
        for connection in self._idle:
            connection.writer.close()


def _lines(headers: Mapping[str, str]) -> Sequence[str]:
    return [f"{name}: {value}" for name, value in headers.items()]
