"""Whether a time zone exists, where this machine knows any."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def exists(name: str) -> bool | None:
    """None when this machine has no data about time zones."""
    if not _is_known("UTC") and not _is_known("Europe/Berlin"):
        return None
    return _is_known(name)


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
