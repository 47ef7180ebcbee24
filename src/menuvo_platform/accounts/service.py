"""Signing in and out.

No transaction is open while a password is computed: a flood of logins that waits for its turn must
not hold the connections that guests and kitchens need.
"""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

import structlog

from menuvo_platform.accounts import queries
from menuvo_platform.accounts.passwords import hash_password, needs_rehash, verify_password
from menuvo_platform.accounts.queries import Credentials
from menuvo_platform.accounts.schemas import LoginEntry, Person
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.db.throttle import Limit, forget, hit
from menuvo_platform.errors import Invalid, NotFound
from menuvo_platform.ids import new_id, new_token, token_digest

# A login that nobody uses for so long has ended.
IDLE = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=1)
MOST_USER_AGENT = 200

# Guessing from one place is stopped early; guessing from many places late, and never for a browser
# that has signed in before, so that nobody can lock somebody out from elsewhere.
FROM_ONE_PLACE = Limit("login-place", tries=10, seconds=300)
FROM_EVERYWHERE = Limit("login-email", tries=100, seconds=300)
AT_ONE_ADDRESS = Limit("login-address", tries=100, seconds=300)

log = structlog.stdlib.get_logger(__name__)


class WrongCredentials(Invalid):
    """E-mail or password; which of them is not said."""

    code: ClassVar[str] = "wrong_credentials"


async def log_in(
    sessions: Sessions,
    email: str,
    password: str,
    *,
    address: str,
    known_browser: bool,
    user_agent: str,
    now: datetime,
) -> str:
    """The token of a new login; raises WrongCredentials or TooMany."""
    email = email.strip().lower()
    place = "a known browser" if known_browser else address
    await _count_try(sessions, email, address, place)
    async with transaction(sessions) as session:
        known = await queries.find_credentials(session, email)
    right = await verify_password(known.password_hash if known else None, password)
    if known is None or not right:
        log.info("login_refused", address=address)
        raise WrongCredentials
    await forget(sessions, FROM_ONE_PLACE, email, place)
    return await _open_login(sessions, known, password, user_agent=user_agent, now=now)


async def find_person(sessions: Sessions, token: str, now: datetime) -> Person | None:
    """Who is signed in by the token, unless that login has ended. In a transaction of its own:
    streams ask this again and again."""
    async with transaction(sessions) as session:
        person = await queries.find_person(session, token_digest(token), now)
        if person is not None:
            await queries.mark_login_seen(
                session, person.login_id, now, every=SEEN_EVERY, keep=IDLE
            )
    return person


async def end_login(sessions: Sessions, person: Person, login_id: uuid.UUID, now: datetime) -> None:
    """Ends one of the person's own logins; raises NotFound for any other."""
    async with transaction(sessions) as session:
        if not await queries.revoke_login(session, person.user_id, login_id, now):
            raise NotFound
    log.info("login_ended", user_id=str(person.user_id), login_id=str(login_id))


async def list_logins(sessions: Sessions, person: Person, now: datetime) -> tuple[LoginEntry, ...]:
    async with transaction(sessions) as session:
        return await queries.list_logins(session, person.user_id, now)


async def _count_try(sessions: Sessions, email: str, address: str, place: str) -> None:
    await hit(sessions, FROM_ONE_PLACE, email, place)
    if place == address:
        await hit(sessions, AT_ONE_ADDRESS, address)
        await hit(sessions, FROM_EVERYWHERE, email)


async def _open_login(
    sessions: Sessions, known: Credentials, password: str, *, user_agent: str, now: datetime
) -> str:
    token, login_id = new_token(), new_id()
    fresh_hash = await hash_password(password) if needs_rehash(known.password_hash) else None
    async with transaction(sessions) as session:
        if fresh_hash is not None:
            await queries.replace_password_hash(session, known, fresh_hash)
        await queries.insert_login(
            session,
            {
                "id": login_id,
                "user_id": known.user_id,
                "token_digest": token_digest(token),
                "user_agent": user_agent[:MOST_USER_AGENT],
                "last_seen_at": now,
                "expires_at": now + IDLE,
            },
        )
    log.info("login_opened", user_id=str(known.user_id), login_id=str(login_id))
    return token
