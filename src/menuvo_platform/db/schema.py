"""Which schemas this release can run on. Revisions are numbered, so they can be compared."""

OLDEST = "0001"  # nothing below has what the code reads
HEAD = "0001"  # what `migrate` leaves behind


def runs_on(revision: str | None) -> bool:
    """True for a schema that is not too old. A newer one is fine: migrations expand first."""
    return revision is not None and revision >= OLDEST
