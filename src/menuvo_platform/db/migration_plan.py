"""Which steps are to be applied, and whether the release that serves meanwhile can live with them.

Pure: facts in, a plan or a refusal out.
"""

from collections.abc import Sequence

from menuvo_platform.db.revisions import Revision
from menuvo_platform.errors import MigrationRefused


def plan(
    revisions: Sequence[Revision], current: str | None, running: str | None
) -> tuple[Revision, ...]:
    """`current` is where the database stands, `running` the schema head of the release that serves
    meanwhile, or None when none does. Raises MigrationRefused."""
    _know(revisions, current)
    pending = tuple(step for step in revisions if current is None or step.number > current)
    if running is not None:
        for step in pending:
            _admit(step, current, running)
    return pending


def _know(revisions: Sequence[Revision], current: str | None) -> None:
    """A schema ahead of this release is fine: its steps were made for releases like this one."""
    numbers = {step.number for step in revisions}
    ahead = current is not None and current > max(numbers)
    if current is not None and current not in numbers and not ahead:
        raise MigrationRefused(
            f"The database is at {current}, which is no step of this release ({min(numbers)} to"
            f" {max(numbers)}). Nothing was changed.\n"
            "Is DATABASE_URL the database of Menuvo?"
        )


def _admit(step: Revision, current: str | None, running: str) -> None:
    if step.contract is not None and step.contract > running:
        raise MigrationRefused(
            f"Step {step} is refused: it takes away what the running release (schema head"
            f" {running}) still uses; only releases with head {step.contract} or newer can live"
            " with it.\n"
            f"Deploy an intermediate release first, one whose head is at least {step.contract} and"
            f" below {step.number}; then this one. Nothing was changed: the schema stays at"
            f" {current or 'empty'}."
        )
