"""Every error the platform raises on purpose.

MenuvoError
├── SettingsError             the environment is incomplete or malformed; lists every mistake
├── DatabaseUnusable          PostgreSQL refuses us, or is not there
├── MigrationRefused          a step would take away what the running release uses; nothing changed
├── MigrationFailed           a step failed and was rolled back, or another migration is at work
├── Interrupted               a signal ended a task before it had anything to undo
├── NoAnswer                  the instance in this container does not answer (asking.py)
└── DomainError               something a person asked for cannot be done: status, code, facts
    ├── Invalid         422   the input is wrong; may name fields
    ├── LoginNeeded     401   nobody is logged in
    ├── Forbidden       403   logged in, but not allowed
    ├── NotFound        404   no such thing, or not for you
    ├── Refused         409   it was right once, and is not any more
    ├── TooLarge        413   more bytes than we take
    ├── TooMany         429   too often; says when to come back
    ├── Unavailable     503   not now; try again
    └── NoRoom          507   the disk is full; the operator has to make room

A domain error carries no sentence: its text is the message `error.<code>` of the catalogue,
rendered at the edge in the language of the request. A slice subclasses beside the rule.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeAlias

Facts: TypeAlias = Mapping[str, str | int]


class MenuvoError(Exception):
    pass


class SettingsError(MenuvoError):
    def __init__(self, problems: Sequence[str]) -> None:
        self.problems: tuple[str, ...] = tuple(problems)
        super().__init__("\n".join(self.problems))


class DatabaseUnusable(MenuvoError):
    """For whoever runs a task by hand; requests and jobs have answers of their own."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"PostgreSQL cannot be used: {reason}\n"
            "Is it running, and is the password of DATABASE_URL the one the database has?"
        )


class MigrationRefused(MenuvoError):
    pass


class MigrationFailed(MenuvoError):
    pass


class Interrupted(MenuvoError):
    def __init__(self) -> None:
        super().__init__("Stopped by a signal before it was done; nothing was left half done.")


class DomainError(MenuvoError):
    status: ClassVar[int] = 500
    code: ClassVar[str] = "unexpected"

    def __init__(self, *, fields: Mapping[str, str] | None = None, **facts: str | int) -> None:
        """`fields` maps a form field to the code of its own message; facts fill the sentence."""
        self.fields: Mapping[str, str] = fields or {}
        self.facts: Facts = facts
        super().__init__(f"{self.code} {dict(facts)}" if facts else self.code)


class Invalid(DomainError):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid"


class LoginNeeded(DomainError):
    status: ClassVar[int] = 401
    code: ClassVar[str] = "login_needed"


class Forbidden(DomainError):
    status: ClassVar[int] = 403
    code: ClassVar[str] = "forbidden"


class NotFound(DomainError):
    status: ClassVar[int] = 404
    code: ClassVar[str] = "not_found"


class Refused(DomainError):
    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"


class TooLarge(DomainError):
    status: ClassVar[int] = 413
    code: ClassVar[str] = "too_large"


class TooMany(DomainError):
    status: ClassVar[int] = 429
    code: ClassVar[str] = "too_many"

    def __init__(self, *, retry_after_seconds: int, **facts: str | int) -> None:
        self.retry_after_seconds: int = retry_after_seconds
        super().__init__(fields=None, minutes=max(1, -(-retry_after_seconds // 60)), **facts)


class Unavailable(DomainError):
    status: ClassVar[int] = 503
    code: ClassVar[str] = "unavailable"


class NoRoom(DomainError):
    status: ClassVar[int] = 507
    code: ClassVar[str] = "no_room"
