"""PostgreSQL lets in whoever types the password of which we gave it the verifier."""

import asyncio

import asyncpg
import pytest
from tests.conftest import quoted, run_as_owner

from menuvo_ops.local.postgres import PostgresServer
from menuvo_ops.rollout.scram import verifier

SALT = bytes(range(16))


def test_the_same_salt_gives_the_same_and_another_one_does_not() -> None:
    assert verifier("pencil", SALT) == verifier("pencil", SALT)
    assert verifier("pencil").startswith("SCRAM-SHA-256$4096:")
    assert verifier("pencil") != verifier("pencil")
    assert "pencil" not in verifier("pencil")


@pytest.mark.parametrize(
    ("given", "typed"),
    [
        ("p%40:/?&=@€uro", "p%40:/?&=@€uro"),
        ('it\'s \\ "quoted"', 'it\'s \\ "quoted"'),
        # SASLprep: other spaces are spaces, a soft hyphen is nothing, a ligature is its letters.
        ("a\u00a0b\u00adc\ufb01", "a bcfi"),
        # What SASLprep forbids is taken as it is: words that run both ways.
        ("\u0627a\u0628", "\u0627a\u0628"),
        ("\u0221 unassigned", "\u0221 unassigned"),
    ],
)
def test_the_server_lets_in_whoever_types_the_password(
    postgres: PostgresServer, given: str, typed: str
) -> None:
    run_as_owner(postgres, f"CREATE ROLE verified LOGIN PASSWORD '{verifier(given)}'")
    try:
        asyncio.run(log_in(postgres, typed))
        with pytest.raises(asyncpg.InvalidPasswordError):
            asyncio.run(log_in(postgres, f"{typed}x"))
    finally:
        run_as_owner(postgres, "DROP ROLE verified")


async def log_in(server: PostgresServer, password: str) -> None:
    session = await asyncpg.connect(
        server.url(role="verified", password=quoted(password), database="postgres")
    )
    await session.close()
