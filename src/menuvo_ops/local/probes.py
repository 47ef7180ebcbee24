"""Questions whose answer says that a service can be used, each asked in at most a second."""

import http.client
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from menuvo_ops.local.sockets import reachable

_PATIENCE = 1.0
_PAUSE = 0.02
# A worker that goes round beats every five seconds, at the latest when its database was away.
_HEARTBEAT_PATIENCE = 30.0
_PROTOCOL_3_0 = 196608


class Probe(Protocol):
    def healthy(self) -> bool: ...


@dataclass(frozen=True)
class HttpProbe:
    """Healthy when GET `path` answers 200, or anything at all."""

    port: int
    path: str
    whatever_it_says: bool = False

    def healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            connection.request("GET", self.path, headers={"Connection": "close"})
            return connection.getresponse().status == http.client.OK or self.whatever_it_says
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@dataclass(frozen=True)
class PostgresProbe:
    """Healthy when the server asks for a password, as pg_isready does.

    A server that is starting, stopping or full answers a start-up packet with an error instead.
    """

    port: int
    user: str = "menuvo"

    def healthy(self) -> bool:
        parameters = b"user\0" + self.user.encode() + b"\0\0"
        packet = struct.pack("!ii", 8 + len(parameters), _PROTOCOL_3_0) + parameters
        return _ask(self.port, packet).startswith(b"R")


@dataclass(frozen=True)
class RedisProbe:
    port: int
    password: str

    def healthy(self) -> bool:
        return b"+PONG" in _ask(self.port, f"AUTH {self.password}\r\nPING\r\n".encode(), "+PONG")


@dataclass(frozen=True)
class SocketProbe:
    """Healthy when somebody listens there; nothing is asked."""

    path: Path

    def healthy(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_PATIENCE)
            try:
                with reachable(self.path) as address:
                    connection.connect(address)
            except OSError:
                return False
        return True


@dataclass(frozen=True)
class HeartbeatProbe:
    """Healthy when the file was touched lately and is empty, or whatever trouble it tells.

    That is how a worker shows itself, which listens nowhere.
    """

    file: Path
    whatever_it_says: bool = False

    def healthy(self) -> bool:
        try:
            young = time.time() - self.file.stat().st_mtime <= _HEARTBEAT_PATIENCE
            return young and (self.whatever_it_says or self.file.read_text() == "")
        except OSError:
            return False


def wait_until_healthy(
    probe: Probe, *, still_running: Callable[[], bool], patience: float = 60
) -> bool:
    """Ask until the answer is yes; False after `patience` seconds or when the service is gone."""
    deadline = time.monotonic() + patience
    while still_running() and time.monotonic() < deadline:
        if probe.healthy():
            return True
        time.sleep(_PAUSE)
    return False


def _ask(port: int, question: bytes, until: str = "") -> bytes:
    """Send `question` and return the answer up to `until` or the end of the first packet."""
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as connection:
            connection.sendall(question)
            while part := connection.recv(1024):
                answer += part
                if until.encode() in answer:
                    break
    except OSError:
        pass
    return answer
