"""PostgreSQL's own programs, as argument lists."""

from pathlib import Path
from typing import Literal

_SERVER_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # A socket's path may have 107 bytes, and a clone can lie deeper than that.
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "max_connections": "200",
    # Compiling plans needs a library of 100 MB and gains nothing on short queries.
    "jit": "off",
}
_UNSAFE_BUT_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def initdb(
    bindir: Path, data: Path, *, password_file: Path, provider: Literal["icu", "libc"]
) -> list[str]:
    """Make a cluster whose superuser is `menuvo`, with checksums and passwords for everyone."""
    locale = ["--locale=C.UTF-8", f"--locale-provider={provider}"]
    if provider == "icu":
        locale.append("--icu-locale=und")
    return [
        str(bindir / "initdb"),
        f"--pgdata={data}",
        "--username=menuvo",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        *locale,
        "--no-sync",
        "--no-instructions",
    ]


def single_user(bindir: Path, data: Path) -> list[str]:
    """Read statements from stdin, one per line, without a server or a network."""
    return [str(bindir / "postgres"), "--single", "-D", str(data), "-j", "-E", "postgres"]


def serve(bindir: Path, data: Path, *, port: int, fast: bool = False) -> list[str]:
    """`fast` trades durability for speed: for databases that live as long as a test."""
    settings = _SERVER_SETTINGS | {"port": str(port)} | (_UNSAFE_BUT_FAST if fast else {})
    flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(bindir / "postgres"), "-D", str(data), *flags]


def ask(bindir: Path, *, port: int, role: str, database: str) -> list[str]:
    """Reads statements from stdin and prints bare values; the password is in PGPASSWORD."""
    where = f"postgresql://{role}@127.0.0.1:{port}/{database}"
    flags = ["--no-psqlrc", "--no-align", "--tuples-only", "--no-password", "--quiet"]
    return [str(bindir / "psql"), *flags, "--set=ON_ERROR_STOP=1", f"--dbname={where}"]
