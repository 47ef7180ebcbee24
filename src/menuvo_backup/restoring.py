"""A dump put into an empty database, and compared with what was in the one it came from."""

from pathlib import Path

from menuvo_backup.contents import Contents, differences, read_contents
from menuvo_backup.errors import BackupError, ContentsDiffer, NoSpace, RestoreFailed, ServerLost
from menuvo_backup.postgres import Connection
from menuvo_backup.programs import running

# Two connections: one builds an index while the other copies rows.
_JOBS = 2
_MOST_DIFFERENCES = 12
_FULL = ("No space left on device", "Check free disk space", "wrote only")
_LOST = ("server closed the connection", "because of crash", "terminating connection")


async def restore_into(connection: Connection, dump: Path) -> None:
    """Raises RestoreFailed; NoSpace and ServerLost where the dump is not to blame."""
    argv = ["pg_restore", "--exit-on-error", "--no-password", f"--jobs={_JOBS}"]
    argv += [f"--dbname={connection.url}", str(dump)]
    async with running(argv, connection.environment) as program:
        _ = await program.read_all()
    if program.failed:
        raise _blamed(program.complaint, program.last_words)


async def compare(connection: Connection, expected: Contents) -> Contents:
    """Raises ContentsDiffer with each difference."""
    found = await read_contents(connection)
    different = differences(expected, found)
    if different:
        shown = "; ".join(different[:_MOST_DIFFERENCES])
        more = len(different) - _MOST_DIFFERENCES
        raise ContentsDiffer(
            f"What was restored is not what was dumped: {shown}"
            f"{f'; and {more} more' if more > 0 else ''}.",
            hint="Make another one: menuvo-backup now. If that one differs too, report it.",
        )
    return found


def _blamed(complaint: str, last_words: str) -> BackupError:
    if any(words in last_words for words in _FULL):
        return NoSpace(
            f"The disk was full while the dump was restored: {complaint}.",
            hint="A database needs its whole size once more, beside its dump.",
        )
    if any(words in last_words for words in _LOST):
        return ServerLost(
            f"The server was lost in the middle: {complaint}.",
            hint="Had it enough memory? Then try again.",
        )
    return RestoreFailed(
        f"The dump cannot be restored: {complaint}.",
        hint="Restore another one, and make a fresh one: menuvo-backup now.",
    )
