"""The dump itself, in pg_dump's custom format.

pg_dump writes its file by itself. Through us it would come in pieces of 4 KiB, and to be woken for
each costs a tenth of a dump; and only in a file that it can seek in does it note where each table
begins, which spares a restore with two connections the search.
"""

from pathlib import Path

from menuvo_backup.errors import BackupError, DumpFailed
from menuvo_backup.postgres import SERVER_SAYS_MORE, Connection
from menuvo_backup.programs import Program, running
from menuvo_backup.records import Content
from menuvo_backup.writing import no_space_after, sum_up

# A migration may hold a lock for a while; one that holds it longer is a reason to say so.
_LOCK_WAIT = "--lock-wait-timeout=300s"
_FULL = ("No space left on device", "Disk quota exceeded")


async def dump(connection: Connection, snapshot: str, to: Path) -> Content:
    """On the disk, and summed up, when it returns. Raises DumpFailed, NoSpace."""
    _make_for_us_alone(to)
    argv = ["pg_dump", "--format=custom", "--no-password", _LOCK_WAIT, f"--snapshot={snapshot}"]
    argv += [f"--file={to}", f"--dbname={connection.url}"]
    # A full disk is told from other troubles by what pg_dump says of it, so it says it in English.
    async with running(argv, {**connection.environment, "LC_ALL": "C"}) as program:
        _ = await program.read_all()
    if program.failed:
        raise _blamed(program, to)
    return await sum_up(to)


def _make_for_us_alone(file: Path) -> None:
    """pg_dump would make it as the umask says, and leaves one that is there as it is."""
    file.touch(mode=0o600, exist_ok=False)


def _blamed(program: Program, to: Path) -> BackupError:
    if any(words in program.last_words for words in _FULL):
        return no_space_after(to.stat().st_size, to)
    return DumpFailed(f"pg_dump failed: {program.complaint}.", hint=SERVER_SAYS_MORE)
