"""Redis as an argument list, and the configuration it reads."""

from pathlib import Path


def serve(program: Path, configuration: Path) -> list[str]:
    return [str(program), str(configuration)]


def configuration(folder: Path, *, port: int, password: str, persistent: bool) -> str:
    """The password stands in a file because arguments are visible to every user."""
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{folder}"',
        "daemonize no",
        # A full Redis refuses writes, which we tolerate, and never drops a doorbell silently.
        "maxmemory 64mb",
        "maxmemory-policy noeviction",
        "save 60 1000" if persistent else 'save ""',
        "appendonly no",
        # A new title would overwrite the environment by which leftovers are recognised.
        "set-proc-title no",
    ]
    return "\n".join(lines) + "\n"
