"""What a migration says about a table's tenants and about what the application may do with it."""

APP_ROLE = "menuvo_app"
IN_SCOPE = "nullif(current_setting('app.merchant_id', true), '')::uuid"

CHANGEABLE = "SELECT, INSERT, UPDATE, DELETE"
APPEND_ONLY = "SELECT, INSERT"


def tenant_table(table: str, rights: str = CHANGEABLE, column: str = "merchant_id") -> list[str]:
    """Statements that show the application the rows of the merchant in scope and no others.

    Row-level security is enabled, not forced: the owner (migrations, seed, backup) sees all rows.
    """
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} TO {APP_ROLE} "
        f"USING ({column} = {IN_SCOPE}) WITH CHECK ({column} = {IN_SCOPE})",
        f"GRANT {rights} ON {table} TO {APP_ROLE}",
    ]


def shared_table(table: str, rights: str = CHANGEABLE) -> list[str]:
    """A table without tenants; the meta test holds the list of them."""
    return [f"GRANT {rights} ON {table} TO {APP_ROLE}"]


def definer_function(signature: str, returns: str, body: str) -> list[str]:
    """A named door through row-level security, for what runs before a merchant is known."""
    name = signature.partition("(")[0]
    return [
        f"CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE sql SECURITY DEFINER "
        f"SET search_path = pg_catalog, public, pg_temp AS $body$ {body} $body$",
        f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {name} TO {APP_ROLE}",
    ]
