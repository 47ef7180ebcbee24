"""Restaurants and their orders, for a production that is as full as one becomes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from tests.restaurants.filling import scripts
from tests.system.production.stack import Production

# PostgreSQL's container has two cores.
_AT_ONCE = 2


def fill(production: Production, megabytes: int) -> None:
    """At its end nothing is left to be written by whoever reads first."""
    today = datetime.now(UTC).date()
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        for _ in workers.map(production.sql, scripts(megabytes, today)):
            pass
    production.sql("VACUUM (ANALYZE)")
    production.sql("CHECKPOINT")
