"""The statements that make a database like another one; `create` cannot run in a transaction."""

import csv

from menuvo_backup.contents import Database, Grant, Setting

# Their values are lists whose items were quoted one by one.
_LISTS = frozenset(
    {
        "local_preload_libraries",
        "search_path",
        "session_preload_libraries",
        "temp_tablespaces",
    }
)


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """As standard_conforming_strings reads it, which is on since version 9.1."""
    return "'" + text.replace("'", "''") + "'"


def create(name: str, like: Database) -> str:
    words = [
        f"CREATE DATABASE {identifier(name)} TEMPLATE template0 OWNER {identifier(like.owner)}",
        f"ENCODING {literal(like.encoding)} LOCALE_PROVIDER {like.provider}",
        f"LC_COLLATE {literal(like.collate)} LC_CTYPE {literal(like.ctype)}",
    ]
    if like.locale is not None and like.provider != "libc":
        words.append(f"{like.provider.upper()}_LOCALE {literal(like.locale)}")
    if like.icu_rules is not None:
        words.append(f"ICU_RULES {literal(like.icu_rules)}")
    return " ".join(words) + ";"


def dress(name: str, like: Database) -> str:
    """Settings and rights of the database itself, which no dump of its content holds."""
    statements = [_set(name, setting) for setting in like.settings]
    if like.grants is not None:
        statements.append(f"REVOKE ALL ON DATABASE {identifier(name)} FROM PUBLIC")
        statements += [_grant(name, grant) for grant in like.grants]
    return "".join(f"{statement};\n" for statement in statements)


def _set(name: str, setting: Setting) -> str:
    database = identifier(name)
    whom = f"ROLE {setting.role} IN DATABASE {database}" if setting.role else f"DATABASE {database}"
    items = (
        next(csv.reader([setting.value], skipinitialspace=True), [""])
        if setting.name in _LISTS
        else [setting.value]
    )
    # A setting of an extension has a dot in its name, and each part is an identifier.
    named = ".".join(identifier(part) for part in setting.name.split("."))
    return f"ALTER {whom} SET {named} TO {', '.join(literal(item) for item in items)}"


def _grant(name: str, grant: Grant) -> str:
    further = " WITH GRANT OPTION" if grant.grantable else ""
    whom = grant.role or "PUBLIC"
    return f"GRANT {grant.right} ON DATABASE {identifier(name)} TO {whom}{further}"
