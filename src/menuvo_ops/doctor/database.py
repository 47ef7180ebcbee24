"""The database: whether it answers, and what will keep it from answering."""

from menuvo_ops.doctor.finding import Check, Found, doubtful, ill, well
from menuvo_ops.doctor.ground import Ground

_CROWDED_SHARE = 0.8
_LONG_SECONDS = 300
# PostgreSQL stops taking writes at two thousand million.
_OLD_TRANSACTIONS = 500_000_000
_RUNBOOK = "docs/runbooks/platform-down.md"

_CONNECTIONS = """
SELECT count(*), current_setting('max_connections'),
    current_setting('superuser_reserved_connections')
FROM pg_stat_activity WHERE backend_type = 'client backend'
"""
# A dump reads in one transaction for as long as it takes.
_LONGEST = """
SELECT pid, usename, state, extract(epoch FROM now() - xact_start)::int,
    coalesce(nullif(application_name, ''), 'somebody')
FROM pg_stat_activity
WHERE backend_type = 'client backend' AND application_name NOT LIKE 'pg_dump%'
    AND application_name <> 'menuvo-backup' AND xact_start IS NOT NULL
ORDER BY xact_start LIMIT 1
"""
_BLOCKED = """
SELECT count(*), coalesce(min((pg_blocking_pids(pid))[1])::text, '')
FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND state_change < now() - interval '1 minute'
"""
# Dead rows make a table slow when they are many, and more than the living.
_BLOATED = """
SELECT relname, n_dead_tup, n_live_tup FROM pg_stat_user_tables
WHERE n_dead_tup > 20000 AND n_dead_tup > n_live_tup
ORDER BY n_dead_tup DESC LIMIT 1
"""
_OLDEST = "SELECT max(age(datfrozenxid)) FROM pg_database"
_DAMAGED = "SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database"
_INVALID = """
SELECT coalesce(string_agg(indexrelid::regclass::text, ', '), '')
FROM pg_index WHERE NOT indisvalid
"""
_SIZE = "SELECT pg_size_pretty(pg_database_size(current_database()))"
_HEAD = "SELECT coalesce(max(version_num), '') FROM alembic_version"


def answers(ground: Ground) -> Found:
    return well(f"It answers; {ground.ask_database(_SIZE)} in all.")


def connections(ground: Ground) -> Found:
    used, most, reserved = (int(one) for one in ground.ask_database(_CONNECTIONS).split("|"))
    told = f"{used} of {most - reserved} connections are used."
    if used < _CROWDED_SHARE * (most - reserved):
        return well(told)
    by_whom = "SELECT application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2"
    return ill(told, fix=f"See by whom: {ground.words.in_database(by_whom)}")


def transactions(ground: Ground) -> Found:
    longest = ground.ask_database(_LONGEST)
    if not longest:
        return well("No transaction is open.")
    pid, role, state, seconds, program = longest.split("|", 4)
    if int(seconds) < _LONG_SECONDS:
        return well(f"The oldest transaction began {seconds} s ago.")
    return doubtful(
        f"A transaction of {program} as {role} ({state}) is open for {int(seconds) // 60} minutes:"
        " nothing that was deleted since can be cleared away.",
        fix=ground.words.in_database(f"SELECT pg_terminate_backend({pid})"),
    )


def locks(ground: Ground) -> Found:
    many, by = ground.ask_database(_BLOCKED).split("|")
    # Who held it may have let go of it while we looked.
    if many == "0" or not by:
        return well("Nobody waits for a lock.")
    return ill(
        f"{many} wait for a lock for more than a minute, held by process {by}.",
        fix=ground.words.in_database(f"SELECT pg_terminate_backend({by})"),
    )


def bloat(ground: Ground) -> Found:
    bloated = ground.ask_database(_BLOATED)
    if not bloated:
        return well("No table has more dead rows than living ones.")
    table, dead, living = bloated.split("|")
    return doubtful(
        f"The table {table} has {int(dead):,} dead rows beside {int(living):,} living ones.",
        fix=ground.words.in_database(f"VACUUM (VERBOSE, ANALYZE) {table}"),
    )


def transaction_ids(ground: Ground) -> Found:
    oldest = int(ground.ask_database(_OLDEST))
    told = f"The oldest row was written {oldest:,} transactions ago."
    if oldest < _OLD_TRANSACTIONS:
        return well(told)
    return doubtful(
        f"{told} At 2,000,000,000 PostgreSQL takes no more writes; is autovacuum on?",
        fix=ground.words.in_database("VACUUM (FREEZE)"),
    )


def checksums(ground: Ground) -> Found:
    damaged = int(ground.ask_database(_DAMAGED))
    if not damaged:
        return well("Every page that was read is as it was written.")
    return ill(
        f"{damaged} pages that were read are not as they were written: the disk is failing.",
        fix=f"{ground.words.menuvo} backup now, then docs/runbooks/rebuild-the-server.md",
    )


def indexes(ground: Ground) -> Found:
    """One that was built beside the work and was interrupted costs writes and helps nobody."""
    invalid = ground.ask_database(_INVALID)
    if not invalid:
        return well("Every index is whole.")
    first = invalid.split(", ", maxsplit=1)[0]
    return doubtful(
        f"These indexes are not whole: {invalid}.",
        fix=ground.words.in_database(f"REINDEX INDEX CONCURRENTLY {first}"),
    )


def schema(ground: Ground) -> Found:
    applied, made = ground.ask_database(_HEAD), ground.schema_of_release()
    if applied == made:
        return well(f"It is at schema {applied}, as what serves was made for.")
    if applied > made:
        return well(f"It is at schema {applied}, with which what serves ({made}) can live.")
    return ill(
        f"It is at schema {applied or 'none'}, and what serves was made for {made}.",
        fix=f"{_RUNBOOK}: a deploy migrates.",
    )


CHECKS: "dict[str, Check]" = {
    "database": answers,
    "database-connections": connections,
    "database-transactions": transactions,
    "database-locks": locks,
    "database-bloat": bloat,
    "database-transaction-ids": transaction_ids,
    "database-checksums": checksums,
    "database-indexes": indexes,
    "database-schema": schema,
}
