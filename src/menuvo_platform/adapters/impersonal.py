"""Text for others to keep: what went wrong, without whom it went wrong for.

What stands in quotes or in brackets after `=` is data in the messages of Python and PostgreSQL, so
it goes, whatever it is; what remains is searched for what people and secrets look like.
"""

import re

LONGEST = 300
_RULES = (
    (re.compile(r"(\w://)[^\s/@]*@"), r"\1-@"),
    (re.compile(r"=\s*\([^)]*\)"), "=(-)"),
    (re.compile(r"\S+@[\w.-]+\.\w+"), "[e-mail]"),
    (re.compile(r"(/q/|/orders/)[^/?\s]+"), r"\1-"),
    (re.compile(r"\?\S+"), "?-"),
    (re.compile(r"(?i)\b(password|secret|token|key)(\s*[=:]\s*)\S+"), r"\1\2-"),
    (re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]"), "'-'"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "[address]"),
    (re.compile(r"(?i)\b(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}"), "[address]"),
    (re.compile(r"\+?\d[\d ()/-]{6,}\d"), "[number]"),
    (re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{12,}"), "[token]"),
)


def impersonal(text: str) -> str:
    """The first line of it."""
    said = text.strip().partition("\n")[0]
    for pattern, instead in _RULES:
        said = pattern.sub(instead, said)
    return said[:LONGEST]
