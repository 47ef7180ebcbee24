"""The list of one's own logins."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from menuvo_platform.accounts.schemas import LoginEntry

# The first that fits counts: every browser also claims to be older ones.
_BROWSERS = (
    ("Edge", "Edg"),
    ("Opera", "OPR"),
    ("Samsung Internet", "SamsungBrowser"),
    ("Firefox", "Firefox|FxiOS"),
    ("Chrome", "Chrome|CriOS"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac", "Macintosh"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class LoginLine:
    id: uuid.UUID
    browser: str
    system: str
    since: datetime
    last_seen: datetime
    current: bool


def login_lines(logins: Sequence[LoginEntry], current: uuid.UUID) -> tuple[LoginLine, ...]:
    return tuple(
        LoginLine(
            id=login.id,
            browser=_first_match(_BROWSERS, login.user_agent),
            system=_first_match(_SYSTEMS, login.user_agent),
            since=login.created_at,
            last_seen=login.last_seen_at,
            current=login.id == current,
        )
        for login in logins
    )


def _first_match(names: Sequence[tuple[str, str]], user_agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, user_agent)), "")
