"""A moment as an operator types it: in their own time zone, unless it says another."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from menuvo_backup.errors import NoSuchMoment

_EXAMPLE = (
    "Write it as in --at '2026-11-23 18:05', or with its offset as in '2026-11-23T18:05+01:00'."
)


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """In UTC. Raises NoSuchMoment, with both choices where a change of the clocks leaves two."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise NoSuchMoment(f"'{text}' is no moment.", hint=_EXAMPLE) from error
    if ":" not in text:
        raise NoSuchMoment(f"'{text}' names no time of day.", hint=_EXAMPLE)
    if moment.tzinfo is None:
        moment = _only_one_of(moment, zone)
    return moment.astimezone(UTC)


def shown(moment: datetime, zone: ZoneInfo) -> str:
    """Typed back like this, it is the same moment again."""
    return moment.astimezone(zone).isoformat(sep=" ", timespec="seconds")


def _only_one_of(clock: datetime, zone: ZoneInfo) -> datetime:
    earlier, later = (clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if earlier.utcoffset() == later.utcoffset():
        return earlier
    # Of a time that exists twice, each is itself again after a way through UTC.
    exists = _through_utc(earlier, zone) == clock
    choices = sorted((earlier.astimezone(UTC), later.astimezone(UTC)))
    first, second = (shown(choice, zone) for choice in choices)
    raise NoSuchMoment(
        f"{clock:%Y-%m-%d %H:%M} "
        + ("comes twice" if exists else "does not exist: the clocks go forward")
        + f" in {zone.key}.",
        hint=f"Say which you mean: --at '{first}' or --at '{second}'.",
    )


def _through_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None)


def to_the_second(moment: datetime) -> datetime:
    """Not after it: what is promised to be recoverable must be."""
    return moment - timedelta(microseconds=moment.microsecond)
