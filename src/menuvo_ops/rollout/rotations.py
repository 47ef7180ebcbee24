"""Which secrets can be rotated, how, and when each was changed last, as far as releases tell."""

from dataclasses import asdict, dataclass

from menuvo_ops.environment.rotations import ROTATIONS
from menuvo_ops.environment.values import text
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.drafting import source_of


@dataclass(frozen=True)
class Row:
    """`changed_at` is None where it is longer ago than the releases that are kept: then
    `older_than` is the time of the oldest one that has this value already."""

    name: str
    names: tuple[str, ...]
    is_set: bool
    is_made: bool
    how: str
    changed_at: str | None
    older_than: str | None

    @property
    def age(self) -> str:
        if not self.is_set:
            return "not set"
        if self.changed_at:
            return f"since {self.changed_at[:10]}"
        return f"from before {self.older_than[:10]}" if self.older_than else "not deployed yet"


def listed(archive: Archive) -> list[Row]:
    return [_row(archive, name) for name in ROTATIONS]


def as_facts(rows: list[Row]) -> list[dict[str, object]]:
    return [asdict(row) for row in rows]


def as_text(rows: list[Row]) -> str:
    width, ages = max(len(row.name) for row in rows), max(len(row.age) for row in rows)
    return "\n".join(f"{row.name:<{width}}  {row.age:<{ages}}  {row.how}" for row in rows)


def _row(archive: Archive, name: str) -> Row:
    """What failed has changed nothing, whatever stands in its folder."""
    served = [one for one in archive.releases() if not archive.has_failed(one.number)]
    values = [text(source_of(archive.folder(one.number)).values, name) for one in served]
    today = text(source_of(archive.deployment).values, name)
    same = 0
    while same < len(values) and values[-1 - same] == today:
        same += 1
    begun_at = served[-same].made_at if same else None
    is_known = same < len(values)
    rotation = ROTATIONS[name]
    return Row(
        name,
        rotation.names,
        is_set=bool(today),
        is_made=rotation.is_made,
        how=rotation.how,
        changed_at=begun_at if is_known else None,
        older_than=None if is_known else begun_at,
    )
