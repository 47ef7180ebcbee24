"""The time as records tell it."""

from datetime import datetime, timezone


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")  # noqa: UP017, server Python


def age_in_seconds(told: str) -> float:
    """Of an instant in ISO format; without a zone it is meant in UTC."""
    then = datetime.fromisoformat(told.replace("Z", "+00:00"))  # noqa: FURB162, server Python
    if then.tzinfo is None:
        then = then.replace(tzinfo=timezone.utc)  # noqa: UP017
    return (datetime.now(timezone.utc) - then).total_seconds()  # noqa: UP017
