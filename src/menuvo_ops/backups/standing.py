"""How backups stand, for `menuvo status`: what could be brought back, and what is wrong."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.service import Service
from menuvo_ops.errors import OpsError


@dataclass(frozen=True)
class Standing:
    """`backups` are the newest first, and None where nobody could be asked; `complaints` are
    sentences."""

    backups: "Sequence[Backup] | None" = None
    complaints: Sequence[str] = ()

    @property
    def last(self) -> "Backup | None":
        return next((one for one in self.backups or () if one.can_be_restored), None)

    @property
    def news(self) -> "list[str]":
        """The complaints without that of a run that failed, which is told with the backups."""
        told_already = f"Backup {self.backups[0].id} failed:" if self.backups else None
        return [
            told
            for told in self.complaints
            if told_already is None or not told.startswith(told_already)
        ]


def standing(service: Service) -> Standing:
    """Whatever it costs to ask, somebody who asks how all is gets the rest of the answer."""
    try:
        return Standing(service.list_backups(), service.complaints())
    except OpsError as error:
        told = f"The backups cannot be asked for. {error.message} {error.hint}".strip()
        return Standing(complaints=[told])


def as_facts(found: Standing) -> dict[str, object]:
    return {
        "last_backup": asdict(found.last) if found.last else None,
        "backup_complaints": list(found.complaints),
    }
