"""What the release already running cannot live with, found in the SQL of a step.

PostgreSQL's own grammar reads it. What is not known to be harmless is refused: a step that really
is harmless, or whose release is a contract, says with its mark from which head on releases can
live with it. What a step itself has made is its own, because no older release knows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

from pglast import ast, parse_sql, visitors
from pglast.enums import AlterTableType, ConstrType, ObjectType

UNKNOWN = "nothing is known that says the running release can live with it"
ROWS_GONE = "the running release may show or need the rows"
REFUSED_CHANGES = {
    AlterTableType.AT_DropColumn: "the running release may read and write the column",
    AlterTableType.AT_AlterColumnType: "the running release expects the type that the column had",
    AlterTableType.AT_SetNotNull: "the running release may leave the column empty",
    AlterTableType.AT_DropNotNull: (
        "the running release may read a NULL where there never was one; give a default instead"
    ),
    AlterTableType.AT_AddConstraint: (
        "writes of the running release may violate the constraint, NOT VALID or not"
    ),
    AlterTableType.AT_DropConstraint: "the running release may rely on it, as ON CONFLICT does",
    AlterTableType.AT_EnableRowSecurity: "the running release may see no row any more",
    AlterTableType.AT_ForceRowSecurity: "the running release may see no row any more",
}
HARMLESS_CHANGES = {
    AlterTableType.AT_ValidateConstraint,
    AlterTableType.AT_SetStatistics,
    AlterTableType.AT_SetStorage,
    AlterTableType.AT_SetCompression,
    AlterTableType.AT_SetRelOptions,
    AlterTableType.AT_ResetRelOptions,
}
HARMLESS = (
    ast.TransactionStmt,
    ast.VariableSetStmt,
    ast.SelectStmt,
    ast.InsertStmt,
    ast.UpdateStmt,
    ast.CommentStmt,
    ast.CreateExtensionStmt,
    ast.CreateSchemaStmt,
)


@dataclass(frozen=True)
class Found:
    reason: str
    statement: str

    def __str__(self) -> str:
        return f"{self.reason}: {self.statement}"


@dataclass
class Made:
    """Names of what the step has made so far, and of every index that it makes."""

    names: set[str] = field(default_factory=set[str])
    indexes: set[str] = field(default_factory=set[str])

    def has(self, relation: Any) -> bool:
        return relation.relname in self.names


def find_breaks(sql: str) -> list[Found]:
    """Everything that an older release which is still running cannot live with."""
    statements = list(read(sql))
    made = Made(
        indexes={str(one.idxname) for _, one in statements if isinstance(one, ast.IndexStmt)}
    )
    found: list[Found] = []
    for written, statement in statements:
        found += [Found(reason, written) for reason in judge(statement, made)]
    return found


def find_unrepeatable(sql: str) -> list[Found]:
    """What cannot be tried again when a step that leaves its transaction meets a lock timeout."""
    statements = list(read(sql))
    beside = [one for one in statements if getattr(one[1], "concurrent", False)]
    if not beside:
        return []
    dropped = {
        last_name(name)
        for _, one in beside
        if isinstance(one, ast.DropStmt) and one.missing_ok
        for name in one.objects or ()
    }
    found = [
        Found("a failed try leaves an invalid index: DROP INDEX CONCURRENTLY IF EXISTS first", sql)
        for sql, one in beside
        if isinstance(one, ast.IndexStmt) and one.idxname not in dropped
    ]
    own = [one for one in statements if one not in beside and not is_alembics(one[1])]
    return found + [
        Found("a step that builds an index CONCURRENTLY does only that", one[0]) for one in own
    ]


def read(sql: str) -> Iterator[tuple[str, Any]]:
    """Each statement as it is written, on one line, and as PostgreSQL understands it."""
    for raw in parse_sql(sql):
        length = raw.stmt_len or len(sql)
        begin = raw.stmt_location or 0
        written = sql[begin : begin + length]
        yield " ".join(written.split()), raw.stmt


@singledispatch
def judge(statement: object, made: Made) -> list[str]:
    """Why a running release could not live with it; notes in `made` what it makes."""
    return [] if isinstance(statement, HARMLESS) else [UNKNOWN]


@judge.register(ast.CreateStmt)
def create_table(statement: Any, made: Made) -> list[str]:
    if not statement.if_not_exists:
        made.names.add(statement.relation.relname)
    return []


@judge.register(ast.CreateTableAsStmt)
def create_table_as(statement: Any, made: Made) -> list[str]:
    if not statement.if_not_exists:
        made.names.add(statement.into.rel.relname)
    return []


@judge.register(ast.CreateSeqStmt)
def create_sequence(statement: Any, made: Made) -> list[str]:
    if not statement.if_not_exists:
        made.names.add(statement.sequence.relname)
    return []


@judge.register(ast.ViewStmt)
def create_view(statement: Any, made: Made) -> list[str]:
    if statement.replace and not made.has(statement.view):
        return ["the running release reads the view that it replaces"]
    made.names.add(statement.view.relname)
    return []


@judge.register(ast.CreateFunctionStmt)
def create_function(statement: Any, made: Made) -> list[str]:
    name = last_name(statement.funcname)
    if statement.replace and name not in made.names:
        return ["the running release calls the function that it replaces"]
    made.names.add(name)
    return []


@judge.register(ast.CreateTrigStmt)
def create_trigger(statement: Any, made: Made) -> list[str]:
    reason = "writes of the running release may be refused or changed by the trigger"
    return [] if made.has(statement.relation) else [reason]


@judge.register(ast.CreatePolicyStmt)
def create_policy(statement: Any, made: Made) -> list[str]:
    reason = "the policy changes which rows the running release sees and may write"
    return [] if made.has(statement.table) else [reason]


@judge.register(ast.IndexStmt)
def create_index(statement: Any, made: Made) -> list[str]:
    reason = "writes of the running release may violate the unique index"
    return [reason] if statement.unique and not made.has(statement.relation) else []


@judge.register(ast.AlterTableStmt)
def alter_table(statement: Any, made: Made) -> list[str]:
    if made.has(statement.relation):
        return []
    return [reason for change in statement.cmds if (reason := judge_change(change))]


@judge.register(ast.RenameStmt)
def rename(statement: Any, made: Made) -> list[str]:
    own = statement.relation is not None and made.has(statement.relation)
    return [] if own else ["the running release uses the old name"]


@judge.register(ast.DropStmt)
def drop(statement: Any, made: Made) -> list[str]:
    kind = statement.removeType
    own = made.names | (made.indexes if kind == ObjectType.OBJECT_INDEX else set())
    if {last_name(one) for one in statement.objects} <= own:
        return []
    what = kind.name.removeprefix("OBJECT_").lower()
    return [f"the running release may use the {what}"]


@judge.register(ast.GrantStmt)
def grant_or_revoke(statement: Any, made: Made) -> list[str]:
    if statement.is_grant or {last_name(one) for one in statement.objects or ()} <= made.names:
        return []
    return ["the running release may need the right that it takes away"]


@judge.register(ast.DeleteStmt)
def delete(statement: Any, made: Made) -> list[str]:
    return [] if made.has(statement.relation) else [ROWS_GONE]


@judge.register(ast.TruncateStmt)
def truncate(statement: Any, made: Made) -> list[str]:
    return [] if all(made.has(one) for one in statement.relations) else [ROWS_GONE]


def judge_change(change: Any) -> str | None:
    kind = change.subtype
    if kind == AlterTableType.AT_AddColumn:
        return judge_column(change.def_)
    if kind == AlterTableType.AT_ColumnDefault:
        rely = "writes of the running release may rely on the default"
        return None if change.def_ else rely
    if kind in HARMLESS_CHANGES:
        return None
    return REFUSED_CHANGES.get(kind, UNKNOWN)


def judge_column(column: Any) -> str | None:
    """The running release leaves the column out of what it writes."""
    rules = {rule.contype: rule for rule in column.constraints or ()}
    filled = rules.keys() & {
        ConstrType.CONSTR_DEFAULT,
        ConstrType.CONSTR_IDENTITY,
        ConstrType.CONSTR_GENERATED,
    }
    if ConstrType.CONSTR_NOTNULL in rules and not filled:
        return "the running release leaves the column out, and it has no default"
    if ConstrType.CONSTR_PRIMARY in rules or (ConstrType.CONSTR_UNIQUE in rules and filled):
        return "the second write of the running release violates the unique constraint"
    check = rules.get(ConstrType.CONSTR_CHECK)
    if check and columns_of(check.raw_expr) - {column.colname}:
        return "writes of the running release may violate the check of other columns"
    return None


def columns_of(expression: Any) -> set[str]:
    names: set[str] = set()

    class Columns(visitors.Visitor):
        def visit_ColumnRef(self, _: object, node: Any) -> None:
            names.add(last_name(node.fields))

    Columns()(expression)
    return names


def last_name(named: Any) -> str:
    """Without its schema, whatever kind of thing has the name."""
    words: Any = (
        getattr(named, "objname", None)  # of a function
        or getattr(named, "names", None)  # of a type
        or getattr(named, "relname", None)  # of a table
        or named
    )
    last: Any = words[-1] if isinstance(words, tuple) else words
    return getattr(last, "sval", last)


def is_alembics(statement: Any) -> bool:
    relation = getattr(statement, "relation", None)
    return isinstance(statement, ast.TransactionStmt | ast.VariableSetStmt) or (
        isinstance(relation, ast.RangeVar) and relation.relname == "alembic_version"
    )
