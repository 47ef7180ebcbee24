"""Which schemas this release can run on. Revisions are numbered, so they can be compared."""

OLDEST = "0001"  # nothing below has what the code reads
HEAD = "0001"  # what `migrate` leaves behind

# The collation by which names are sorted: Unicode's order, of no language in particular.
NAME_ORDER = "und-x-icu"


def runs_on(revision: str | None) -> bool:
    """True for a schema that is not too old. A newer one is fine: migrations expand first."""
    return revision is not None and revision >= OLDEST
