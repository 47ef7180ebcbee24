import uuid
from datetime import timedelta

from sqlalchemy import func, insert, select

from menuvo_platform.accounts.models import Login, User
from menuvo_platform.accounts.retention import LOGIN_DAYS, sweep_logins
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id, new_token, token_digest
from menuvo_platform.merchants.models import AuditEntry
from menuvo_platform.workers import SWEEPS
from tests.menuvo_platform import rows

YOUNG, OLD = -LOGIN_DAYS + 1, -LOGIN_DAYS - 1


async def test_logins_go_a_month_after_their_end_and_what_was_done_in_them_stays(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    store, user_id = await rows.add_store(owner_sessions), await rows.add_user(owner_sessions)
    kept = {
        "in use": await add_login(owner_sessions, user_id, expires=20),
        "expired lately": await add_login(owner_sessions, user_id, expires=YOUNG),
        "signed out lately": await add_login(owner_sessions, user_id, expires=20, revoked=YOUNG),
    }
    await add_login(owner_sessions, user_id, expires=OLD)
    await add_login(owner_sessions, user_id, expires=20, revoked=OLD)
    await add_login(owner_sessions, user_id, expires=OLD, revoked=YOUNG)
    done = {"id": new_id(), "merchant_id": store.merchant_id, "user_id": user_id}
    async with transaction(owner_sessions) as session:
        await session.execute(
            insert(AuditEntry).values(
                **done,
                action="item.sold_out",
                subject_kind="item",
                subject_id=new_id(),
                at=func.now() - timedelta(days=400),
            )
        )
    assert await sweep_logins(sessions) == 3
    assert await sweep_logins(sessions) == 0
    async with transaction(owner_sessions) as session:
        left = await session.scalars(select(Login.id).where(Login.user_id == user_id))
        assert set(left) == set(kept.values())
        assert await session.scalar(select(User.id).where(User.id == user_id)) == user_id
        entries = select(AuditEntry.id).where(AuditEntry.user_id == user_id)
        assert (await session.scalars(entries)).all() == [done["id"]]


async def add_login(
    owner_sessions: Sessions, user_id: uuid.UUID, *, expires: int, revoked: int | None = None
) -> uuid.UUID:
    """In so many days from now, or so many days ago."""
    login_id = new_id()
    async with transaction(owner_sessions) as session:
        await session.execute(
            insert(Login).values(
                id=login_id,
                user_id=user_id,
                token_digest=token_digest(new_token()),
                user_agent="Mozilla/5.0",
                last_seen_at=func.now(),
                expires_at=func.now() + timedelta(days=expires),
                revoked_at=None if revoked is None else func.now() + timedelta(days=revoked),
            )
        )
    return login_id


def test_a_worker_sweeps_them() -> None:
    assert sweep_logins in SWEEPS
