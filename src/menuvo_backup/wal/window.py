"""From when to when a moment can be recovered, and what the bucket needs for it."""

from datetime import UTC, datetime, timedelta

import msgspec

from menuvo_backup.bucket import PATIENT, Bucket, Patience
from menuvo_backup.settings import Settings
from menuvo_backup.wal.lines import Line, read_lines
from menuvo_backup.wal.ways import Way, find_ways


class UsedBase(msgspec.Struct, frozen=True):
    id: str
    ended: datetime
    bytes: int
    cluster_bytes: int
    recipients: list[str]


class Span(msgspec.Struct, frozen=True):
    """Of one line of time. All moments in it lead from one base backup or another."""

    system: str
    timeline: int
    begin: datetime
    end: datetime


class Window(msgspec.Struct, frozen=True):
    """`begin` to `end` is of what is archived now, `earlier` of lines and stretches before it.
    `base` is the newest. What went to the bucket before `needless_before` serves no moment of the
    last BACKUP_WINDOW_DAYS."""

    archives: bool
    state: str
    begin: datetime | None = None
    end: datetime | None = None
    system: str | None = None
    timeline: int | None = None
    base: UsedBase | None = None
    earlier: tuple[Span, ...] = ()
    needless_before: datetime | None = None

    @property
    def words(self) -> str:
        if self.begin is None or self.end is None:
            return self.state
        return (
            f"From {self.begin:%Y-%m-%d %H:%M:%S} to {self.end:%Y-%m-%d %H:%M:%S} UTC. {self.state}"
        )


async def find_window(settings: Settings, patience: Patience = PATIENT) -> Window:
    if settings.bucket is None or not settings.archives:
        why = "BACKUP_WAL is off" if settings.bucket else "there is no bucket"
        return Window(archives=False, state=f"The log is not archived: {why}.")
    bucket = Bucket(settings.bucket, patience)
    lines = await read_lines(bucket)
    if not lines.all:
        return Window(archives=True, state="Nothing is archived yet.")
    ways = await find_ways(bucket, lines)
    if not ways:
        return Window(archives=True, state="There is no base backup yet that the log goes on from.")
    return _describe(ways, lines.all[0], settings.window_days)


def spans(ways: list[Way]) -> list[Span]:
    """The newest first."""
    ends: dict[tuple[str, int, datetime], datetime] = {}
    for way in ways:
        key = (way.line.system, way.line.timeline, way.end)
        ends[key] = min(way.begin, ends.get(key, way.begin))
    found = [
        Span(system=system, timeline=timeline, begin=begin, end=end)
        for (system, timeline, end), begin in ends.items()
    ]
    return sorted(found, key=lambda span: span.end, reverse=True)


def _describe(ways: list[Way], newest: Line, days: int) -> Window:
    current, *earlier = spans(ways)
    best = max(ways, key=lambda way: way.reach)
    # A line that went on after a newer one had begun was come back to.
    lasting = best.line is newest or best.end > newest.began
    wanted = datetime.now(UTC) - timedelta(days=days)
    before = max((way.base.began for way in ways if way.begin <= wanted), default=None)
    return Window(
        archives=True,
        state="Any moment in it can be recovered."
        if lasting
        else "What is archived now has no base backup yet; this is of what was archived before.",
        begin=current.begin,
        end=current.end,
        system=current.system,
        timeline=current.timeline,
        base=UsedBase(
            id=best.base.id,
            ended=best.base.ended,
            bytes=best.base.files.bytes,
            cluster_bytes=best.base.cluster_bytes,
            recipients=best.base.recipients,
        ),
        earlier=tuple(earlier),
        needless_before=before,
    )
