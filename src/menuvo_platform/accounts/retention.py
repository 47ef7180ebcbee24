"""A login that has ended is kept for a while, for whoever asks who was signed in, and then goes.

What somebody did while signed in stays: audit rows and events of orders name the person.
"""

from menuvo_platform.accounts import queries
from menuvo_platform.db.session import Sessions, transaction

LOGIN_DAYS = 30
AT_ONCE = 1_000


async def sweep_logins(sessions: Sessions) -> int:
    """Deletes what expired or was signed out a month ago; returns how many."""
    async with transaction(sessions) as session:
        return await queries.sweep_logins(session, kept_days=LOGIN_DAYS, at_most=AT_ONCE)
