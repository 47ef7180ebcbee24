"""A psql that stays: several questions in one transaction, of one snapshot."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from menuvo_backup.errors import DatabaseUnusable
from menuvo_backup.postgres import UNUSABLE, Connection
from menuvo_backup.programs import Program, running

PSQL = (
    *("psql", "--no-psqlrc", "--no-align", "--tuples-only", "--no-password", "--quiet"),
    "--set=ON_ERROR_STOP=1",
)
# Answers are JSON, which never looks like this.
_THAT_WAS_ALL = "."


class Session:
    def __init__(self, program: Program) -> None:
        self._program: Program = program

    async def ask(self, script: str) -> list[str]:
        """The lines that a script of psql's answers. Raises DatabaseUnusable."""
        await self._program.write(f"{script}\n\\echo {_THAT_WAS_ALL}\n")
        answers: list[str] = []
        while line := await self._program.read_line():
            answer = line.decode().rstrip("\n")
            if answer == _THAT_WAS_ALL:
                return answers
            if answer:
                answers.append(answer)
        raise _Ended(self._program)

    async def do(self, script: str) -> None:
        _ = await self.ask(script)


class _Ended(Exception):
    """psql stopped at an error; what it said is whole when it has ended."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.program: Program = program


@asynccontextmanager
async def session_with(connection: Connection) -> AsyncGenerator[Session]:
    """Raises DatabaseUnusable with PostgreSQL's own words."""
    argv = [*PSQL, f"--dbname={connection.url}"]
    try:
        async with running(argv, connection.environment, talks=True) as program:
            yield Session(program)
            await program.write("\\quit\n")
    except _Ended as ended:
        raise DatabaseUnusable(
            f"The database could not be asked: {ended.program.complaint}.", hint=UNUSABLE
        ) from ended
