"""Which schemas this release can run on. Revisions are numbered, so they can be compared."""

import json

from menuvo_platform.db.revisions import read_contracts, read_revisions

OLDEST = "0001"  # nothing below has what the code reads
HEAD = "0001"  # what `migrate` leaves behind

# The collation by which names are sorted: Unicode's order, of no language in particular.
NAME_ORDER = "und-x-icu"


def runs_on(revision: str | None) -> bool:
    """True for a schema that is not too old. A newer one is fine: migrations expand first."""
    return revision is not None and revision >= OLDEST


def describe_schema() -> str:
    """One line of JSON for whoever rolls this release out or back: the oldest schema on which it
    runs, the one it leaves behind, and for each contract step the least head of a release that
    can run once it is applied."""
    contracts = dict(read_contracts(read_revisions()))
    return json.dumps({"oldest": OLDEST, "head": HEAD, "contracts": contracts})
