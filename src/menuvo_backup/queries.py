"""Every question that is put to the database itself; the rest is pg_dump's."""

SERVER = """
SELECT current_setting('server_version_num'),
       split_part(current_setting('server_version'), ' ', 1),
       pg_database_size(current_database())
"""
