"""A way to the bucket that passes so many bytes on, and then nothing more."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Stalling:
    """After `passes` bytes the line is silent, or cut when it `cuts`."""

    port: int
    passes: int
    cuts: bool = False
    reached: threading.Event = field(default_factory=threading.Event)


@contextmanager
def stalling_way(to_port: int, *, passes: int, cuts: bool = False) -> Generator[Stalling]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        way = Stalling(listener.getsockname()[1], passes, cuts)
        thread = threading.Thread(target=_accept, args=(listener, way, to_port), daemon=True)
        thread.start()
        yield way
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _accept(listener: socket.socket, way: Stalling, to_port: int) -> None:
    with suppress(OSError):
        while True:
            near, _ = listener.accept()
            far = socket.create_connection(("127.0.0.1", to_port))
            for source, target, limited in ((near, far, True), (far, near, False)):
                threading.Thread(
                    target=_pump, args=(source, target, way, limited), daemon=True
                ).start()


def _pump(source: socket.socket, target: socket.socket, way: Stalling, limited: bool) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if limited:
                way.passes -= len(data)
            if way.passes < 0:
                way.reached.set()
                if way.cuts:
                    source.close()
                    target.close()
                continue
            target.sendall(data)
    target.close()
