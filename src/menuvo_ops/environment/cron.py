"""Whether five fields are a schedule, as every cron understands them."""

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("weekday", 0, 7, _DAYS),
)
_PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[1-9]\d?))?")


def problem(expression: str) -> str | None:
    """What is wrong with it; None when nothing is."""
    fields = expression.split()
    if len(fields) != len(_FIELDS):
        return f"has {len(fields)} fields instead of five"
    for field, (name, lowest, highest, names) in zip(fields, _FIELDS, strict=True):
        for part in field.split(","):
            if not _is_part(part, lowest, highest, names):
                return f"has a {name} that is none: {field}"
    return None


def _is_part(part: str, lowest: int, highest: int, names: tuple[str, ...]) -> bool:
    found = _PART.fullmatch(part)
    if found is None:
        return False
    limits = [_number(word, lowest, names) for word in (found["first"], found["last"]) if word]
    if found["step"] and found["first"] and not found["last"]:
        return False  # 5/10 means something else in every cron
    known = all(limit is not None and lowest <= limit <= highest for limit in limits)
    return known and limits == sorted(limits, key=lambda limit: limit or 0)


def _number(word: str, lowest: int, names: tuple[str, ...]) -> int | None:
    if word.lower() in names:
        return names.index(word.lower()) + lowest
    return int(word) if word.isascii() and word.isdigit() else None
