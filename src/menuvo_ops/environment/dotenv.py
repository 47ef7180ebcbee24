"""The format of `.env`, as Docker Compose reads it: one assignment a line.

Compose replaces `$NAME` outside single quotes. We take every value literally, remember where
Compose would not (`Assignment.alike`), and write so that both read the same.
"""

import re
from dataclasses import dataclass

from menuvo_ops.environment.redacted import Redacted

# Lines that begin so are ours: they are written anew. Other comments are the operator's.
OUR_COMMENT = "#:"

_BLANK = " \t\v\f\r"
_ASSIGNMENT = re.compile(
    rf"[{_BLANK}]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=[{_BLANK}]*(?P<rest>.*)",
    re.DOTALL,
)
_QUOTED = {
    quote: re.compile(
        rf"{quote}(?P<inside>(?:[^{quote}\\]|\\.)*){quote}[{_BLANK}]*(?P<comment>#.*)?", re.DOTALL
    )
    for quote in ("'", '"')
}
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NEEDS_NO_QUOTES = re.compile(r"[A-Za-z0-9_./:@%+,=-]*")
# Inside single quotes a backslash stands for itself, but not before one of these.
_NOT_IN_SINGLE_QUOTES = re.compile(r"[\n\r]|\\(?:\\|'|\Z)")


@dataclass(frozen=True)
class Assignment:
    name: str
    value: Redacted
    line: int
    # Whether Compose reads the same value.
    alike: bool = True
    # What the operator wrote above it and behind it.
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """A line that cannot be read. It is not shown, because it may hold a secret."""

    line: int
    problem: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem}"


@dataclass(frozen=True)
class Document:
    assignments: tuple[Assignment, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    # The operator's comments below the last assignment.
    closing: tuple[str, ...] = ()


def parse(text: str) -> Document:
    """Read what it can; every mistake is in the result."""
    assignments: dict[str, Assignment] = {}
    mistakes: list[Mistake] = []
    comments: list[str] = []
    for number, line in enumerate(_lines(text), start=1):
        stripped = line.strip(_BLANK)
        if stripped.startswith("#"):
            if not stripped.startswith(OUR_COMMENT):
                comments.append(stripped)
        elif stripped:
            match _assignment(line, number, tuple(comments)):
                case Mistake() as mistake:
                    mistakes.append(mistake)
                case assignment:
                    mistakes += _contradiction(assignments.get(assignment.name), assignment)
                    assignments.setdefault(assignment.name, assignment)
            comments.clear()
    return Document(tuple(assignments.values()), tuple(mistakes), tuple(comments))


def quoted(value: str) -> str:
    """Write `value` so that Compose, other readers of `.env` and we read it alike."""
    if _NEEDS_NO_QUOTES.fullmatch(value):
        return value
    if not _NOT_IN_SINGLE_QUOTES.search(value):
        return "'" + value.replace("'", r"\'") + "'"
    escaped = re.sub(r'[\\"$]', r"\\\g<0>", value)
    return '"' + escaped.replace("\n", r"\n").replace("\r", r"\r") + '"'


def _lines(text: str) -> list[str]:
    """Not `splitlines`, which also breaks at characters that may stand in a value."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def _assignment(line: str, number: int, comments: tuple[str, ...]) -> Assignment | Mistake:
    found = _ASSIGNMENT.fullmatch(line)
    if found is None:
        return Mistake(number, "this is not NAME=value")
    if "\0" in line:
        return Mistake(number, f"{found['name']} holds a NUL byte")
    rest = found["rest"]
    if rest[:1] not in _QUOTED:
        value, alike, comment = _bare(rest)
    elif quoted_value := _QUOTED[rest[0]].fullmatch(rest):
        value, alike = _unquoted(rest[0], quoted_value["inside"])
        comment = quoted_value["comment"] or ""
    else:
        problem = f"the quote that opens the value of {found['name']} has no end, or text behind it"
        return Mistake(number, problem)
    own = (*comments, comment.strip(_BLANK)) if comment else comments
    return Assignment(found["name"], Redacted(value), number, alike, own)


def _bare(rest: str) -> tuple[str, bool, str]:
    mark = re.search(r"(?:^|[ \t])#", rest)
    value = (rest[: mark.start()] if mark else rest).rstrip(_BLANK)
    cut_by_both = mark is None or mark[0] == " #"
    alike = cut_by_both and "$" not in value and value == value.strip()
    return value, alike, rest[mark.end() - 1 :] if mark else ""


def _unquoted(quote: str, inside: str) -> tuple[str, bool]:
    if quote == "'":
        return inside.replace("\\\\", "\0").replace("\\'", "'").replace("\0", "\\\\"), True
    replaced = re.search(r"(?:^|[^\\])(?:\\\\)*(?:\$|\\0)", inside)
    return re.sub(r"\\(.)", _resolved, inside, flags=re.DOTALL), replaced is None


def _resolved(escape: re.Match[str]) -> str:
    """An escape that Compose does not know keeps its backslash."""
    character = escape[1]
    return character if character in '"$\\' else _ESCAPED.get(character, escape[0])


def _contradiction(first: Assignment | None, second: Assignment) -> list[Mistake]:
    if first is None or first.value == second.value:
        return []
    problem = f"{second.name} has another value here than in line {first.line}"
    return [Mistake(second.line, problem)]
