"""What is to be restored, and all that its steps have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.service import Service
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.scene import Scene

# Until both instances and the workers are healthy again, and the edge has seen it.
START_SECONDS = 30
_BYTES_A_SECOND = 5_000_000


@dataclass
class Work:
    """What the steps of every restore have in common."""

    scene: Scene
    service: Service
    release: Release


@dataclass
class BackupWork(Work):
    """`backup` is None where the last restore is taken back.

    `kept` are the databases that restores had kept before this one began: whether it has switched
    is seen by another one, however often it is killed and begun again.
    """

    backup: Backup | None = None
    kept: frozenset[str] = field(default_factory=frozenset[str])

    @property
    def migrates(self) -> bool:
        """A schema that is ahead stays: the release can live with it, and has no step for it."""
        return self.backup is None or self.backup.schema_head <= self.release.schema.head

    @property
    def told(self) -> str:
        if self.backup is None:
            return "the database that the last restore kept"
        return f"backup {self.backup.id} of {self.backup.when}"


def silence(backup: Backup | None, *, start_seconds: int = START_SECONDS) -> str:
    """How long nothing is served, as far as it can be known."""
    if backup is None:
        return f"Nothing is served for about {start_seconds} s."
    if backup.verified is not None:
        proved = backup.verified.fetch_seconds + backup.verified.restore_seconds
        seconds = round(start_seconds + proved)
        return f"Nothing is served for about {seconds} s: its trial took {proved:.0f} s of them."
    seconds = round(start_seconds + backup.database_bytes / _BYTES_A_SECOND)
    return (
        f"Nothing is served for about {seconds} s, judging by its size; nobody has restored it for"
        f" trial yet: menuvo backup verify {backup.id}"
    )


def loss(backup: Backup | None, orders: int | None) -> str:
    """What is not in it."""
    if backup is None:
        return "What was ordered since the restore stays behind, in a database that is kept."
    return lost_orders(orders, since="since it began")


def lost_orders(orders: int | None, *, since: str) -> str:
    """`orders` is None where they cannot be counted."""
    many = "Orders" if orders is None else "No order" if not orders else f"{orders:,} orders"
    one = orders == 1
    been, are = ("was", "is") if one or orders == 0 else ("were", "are")
    many = "1 order" if one else many
    told = f"{many} {been} placed {since}"
    if orders == 0:
        return f"{told}."
    unknown = " (how many cannot be asked)" if orders is None else ""
    return f"{told}{unknown} and {are} not in it; today's database is kept until --forget."


def known_releases(scene: Scene) -> list[Release]:
    """Those that came to serve."""
    archive = scene.archive
    return [one for one in archive.releases() if not archive.has_failed(one.number)]


def schema_trouble(head: str, release: Release, releases: Sequence[Release]) -> str:
    """Why the release cannot run on what is restored; empty when it can.

    What is older is migrated. What is newer is known by releases that made it alone: they say
    which head it asks of whatever runs on it.
    """
    if not head or head <= release.schema.head:
        return ""
    knowing = [one for one in releases if one.schema.head >= head]
    if any(one.schema.least_head(head) <= release.schema.head for one in knowing):
        return ""
    return f"It is at schema {head}, and release {release.name} made {release.schema.head}"


def schema_remedy(
    head: str, release: Release, releases: Sequence[Release], backups: Sequence[Backup]
) -> str:
    """Which releases could run on it, and which backups this release could have."""
    able = [one.name for one in releases if one.schema.head >= head]
    older = [
        one.id for one in backups if one.can_be_restored and one.schema_head <= release.schema.head
    ]
    choices = [
        f"Bring a release of that schema back first: menuvo rollback ({', '.join(able)})."
        if able
        else "Deploy a release of that schema first: menuvo deploy.",
        f"Or restore one that fits: {', '.join(older[:3])}." if older else "",
    ]
    return " ".join(filter(None, choices))
