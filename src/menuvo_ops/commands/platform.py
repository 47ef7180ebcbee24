"""The platform's own command, as argument lists."""

from pathlib import Path


def migrate(program: Path) -> list[str]:
    return [str(program), "migrate"]


def seed(program: Path) -> list[str]:
    return [str(program), "seed"]


def serve(program: Path, *, port: int) -> list[str]:
    return [str(program), "serve", "--host", "127.0.0.1", "--port", str(port)]


def worker(program: Path, kind: str) -> list[str]:
    return [str(program), "worker", kind]
