import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from menuvo_platform.db.session import Sessions, transaction


async def test_an_error_does_not_tell_the_logs_what_was_asked_for(sessions: Sessions) -> None:
    statement = text("SELECT 1 / (length(:token) - 5)")
    with pytest.raises(DBAPIError) as failed:
        async with transaction(sessions) as session:
            await session.execute(statement, {"token": "0Secr"})
    assert "division by zero" in str(failed.value)
    assert "0Secr" not in str(failed.value)
