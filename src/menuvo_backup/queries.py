"""Every question that is put to a database; the rest is pg_dump's. The scripts are psql's.

Answers are one JSON object a line, whatever the names in the schema look like.
"""

SERVER = """
SELECT current_setting('server_version_num'),
       split_part(current_setting('server_version'), ' ', 1),
       pg_database_size(current_database())
"""

# A policy must not hide rows from the count: without the right to see all, asking fails. Waiting
# on us while pg_dump works is no forgotten transaction.
BEGIN_READING = """
SET lock_timeout = '300s';
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET row_security = off;
SET search_path = pg_catalog;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
"""

SNAPSHOT = "SELECT to_jsonb(pg_export_snapshot());"

# The names of some columns differ from version to version, those of a row as JSON can be asked for.
DATABASE = """
SELECT jsonb_build_object(
    'name', datname,
    'owner', pg_get_userbyid(datdba),
    'bytes', pg_database_size(oid),
    'encoding', pg_encoding_to_char(encoding),
    'provider', CASE its ->> 'datlocprovider'
                WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
    'collate', datcollate,
    'ctype', datctype,
    'locale', coalesce(its ->> 'datlocale', its ->> 'daticulocale'),
    'icu_rules', its ->> 'daticurules',
    'settings', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'role', nullif(setrole, 0)::regrole::text,
            'name', split_part(setting, '=', 1),
            'value', substr(setting, strpos(setting, '=') + 1)) ORDER BY setrole, setting), '[]')
        FROM pg_db_role_setting, unnest(setconfig) AS setting
        WHERE setdatabase = pg_database.oid),
    'grants', (
        SELECT jsonb_agg(jsonb_build_object(
            'role', nullif(grantee, 0)::regrole::text,
            'right', privilege_type,
            'grantable', is_grantable))
        FROM aclexplode(datacl)),
    'superuser', (SELECT rolname FROM pg_roles WHERE oid = 10)
)
FROM pg_database, to_jsonb(pg_database) AS its
WHERE datname = current_database();
"""

EXTENSIONS = """
SELECT jsonb_build_object('name', extname, 'version', extversion) FROM pg_extension ORDER BY 1;
"""

# psql runs each row of the answer as the next question.
SCHEMA_HEAD = r"""
SELECT 'SELECT to_jsonb(version_num) FROM public.alembic_version'
FROM pg_class WHERE oid = to_regclass('public.alembic_version') \gexec
"""

_OURS = """
n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
AND NOT EXISTS (
    SELECT FROM pg_depend e
    WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
"""

ROWS = rf"""
SELECT format(
    'SELECT jsonb_build_object(''name'', %L, ''rows'', count(*)) FROM ONLY %I.%I',
    n.nspname || '.' || c.relname, n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND {_OURS}
ORDER BY n.nspname, c.relname \gexec
"""  # noqa: S608 - made of constants

# `reached` is the furthest value in the column that the sequence serves, in its own direction.
SEQUENCES = rf"""
SELECT format(
    'SELECT jsonb_build_object(''name'', %L, ''ascends'', %L::boolean,'
    ' ''last'', CASE WHEN is_called THEN last_value END, ''reached'', %s) FROM %I.%I',
    n.nspname || '.' || c.relname,
    s.seqincrement > 0,
    CASE WHEN t.oid IS NULL THEN 'NULL' ELSE format(
        '(SELECT %s(%I) FROM %I.%I)',
        CASE WHEN s.seqincrement > 0 THEN 'max' ELSE 'min' END,
        a.attname, tn.nspname, t.relname) END,
    n.nspname, c.relname)
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
    AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE c.relpersistence <> 't' AND {_OURS}
ORDER BY n.nspname, c.relname \gexec
"""  # noqa: S608 - made of constants

DATABASES = "SELECT to_jsonb(datname::text) FROM pg_database;"

ROLES = "SELECT to_jsonb(rolname::text) FROM pg_roles;"

# Who may not see what others do gets no type of them, and still has to hear of them.
CONNECTED = """
SELECT jsonb_build_object(
    'pid', pid, 'role', usename, 'program', application_name, 'address', client_addr)
FROM pg_stat_activity
WHERE datname = {database} AND pid <> pg_backend_pid()
  AND coalesce(backend_type, 'client backend') = 'client backend'
ORDER BY backend_start;
"""

# The server tells nobody how full its disk is; a superuser may have it ask its system.
FREE = """
CREATE TEMPORARY TABLE disk (line text);
COPY disk FROM PROGRAM 'df -Pk .';
SELECT to_jsonb(line) FROM disk;
"""

# Which write-ahead log this is. The timeline is that of what is written now: the control file's
# may be older until the first checkpoint after a recovery. The first one has no history.
WAL_SERVER = """
SELECT jsonb_build_object(
    'system', system_identifier::text,
    'timeline', ('x' || timeline)::bit(32)::int,
    'history', coalesce(
        pg_read_file('pg_wal/' || timeline || '.history', 0, 1048576, true), ''),
    'segment_bytes', (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size'),
    'major', current_setting('server_version_num')::int / 10000,
    'bytes', (SELECT sum(pg_database_size(oid)) FROM pg_database)::bigint,
    'superuser', (SELECT rolname FROM pg_roles WHERE oid = 10))
FROM pg_control_system(), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS timeline;
"""

WAL_SLOT = """
SELECT jsonb_build_object(
    'lost', coalesce(wal_status = 'lost', false),
    'restart', restart_lsn::text,
    'retained', pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint)
FROM pg_replication_slots WHERE slot_name = {slot};
"""

# Whoever holds the slot while nobody archives was left behind by an archiver that was killed.
FREE_SLOT = """
SELECT to_jsonb(pg_terminate_backend(active_pid))
FROM pg_replication_slots WHERE slot_name = {slot} AND active;
"""

MAKE_SLOT = "SELECT to_jsonb(pg_create_physical_replication_slot({slot}, true)::text);"

DROP_SLOT = """
SELECT to_jsonb(pg_drop_replication_slot(slot_name)::text)
FROM pg_replication_slots WHERE slot_name = {slot};
"""

# A commit that carries nothing: what is recovered to a quiet moment needs one after it, and its
# age tells how old the newest thing in the archive is. The second one is for who looks at the end
# of what was received: the first may end in zeros, as what was not received does.
BEAT = """
SET synchronous_commit = local;
SELECT to_jsonb(clock_timestamp());
SELECT to_jsonb(pg_logical_emit_message(true, 'menuvo', 'heartbeat')::text);
SELECT to_jsonb(pg_current_wal_flush_lsn()::text);
SELECT to_jsonb(pg_logical_emit_message(true, 'menuvo', 'heartbeat')::text);
"""

POSITION = """
SELECT jsonb_build_object('at', clock_timestamp(), 'lsn', pg_current_wal_insert_lsn()::text);
"""

RECOVERED = """
SELECT jsonb_build_object(
    'recovering', pg_is_in_recovery(),
    'last_commit', pg_last_xact_replay_timestamp(),
    'timeline', ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int,
    'databases', (
        SELECT jsonb_agg(jsonb_build_object('name', datname, 'bytes', pg_database_size(oid))
            ORDER BY datname)
        FROM pg_database WHERE datallowconn AND NOT datistemplate));
"""
