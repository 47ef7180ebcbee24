"""Roles, as pg_dumpall writes them: a statement a line, names quoted where SQL wants it."""

from collections.abc import Set as AbstractSet


def missing_roles(globals_sql: str, there: AbstractSet[str]) -> tuple[list[str], str]:
    """Those that a server lacks, and the statements that make them. Others are left as they are."""
    lines = globals_sql.splitlines()
    quoted = [
        line.removeprefix("CREATE ROLE ").removesuffix(";")
        for line in lines
        if line.startswith("CREATE ROLE ")
    ]
    missing = [name for name in quoted if _plain(name) not in there]
    starts = tuple(
        start for name in missing for start in (f"CREATE ROLE {name};", f"ALTER ROLE {name} ")
    )
    statements = [line for line in lines if starts and line.startswith(starts)]
    for name in missing:
        ends = (f" TO {name};", f" TO {name} ")
        statements += [
            line for line in lines if line.startswith("GRANT ") and any(end in line for end in ends)
        ]
    return [_plain(name) for name in missing], "\n".join(statements)


def _plain(name: str) -> str:
    if name.startswith('"') and name.endswith('"'):
        return name[1:-1].replace('""', '"')
    return name
