"""Sockets of containerd's helpers, which stand in one folder whatever engine they belong to."""

import socket
from contextlib import suppress
from pathlib import Path

_HELPERS = Path("/run/containerd/s")
_FOLDERS = (_HELPERS, _HELPERS.parent, Path("/run/docker/plugins"), Path("/run/docker"))


def dead_sockets(folder: Path = _HELPERS) -> list[Path]:
    """Those on which nobody listens any more."""
    return [path for path in sorted(folder.glob("*")) if path.is_socket() and not _answers(path)]


def sweep() -> None:
    for path in dead_sockets():
        path.unlink(missing_ok=True)
    for folder in _FOLDERS:
        # Another engine may use it.
        with suppress(OSError):
            folder.rmdir()


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
        return True
