"""Every value by itself: is it there, is it formed right, can it be guessed?"""

import re
from collections.abc import Iterator

from menuvo_ops.environment import age, cron, zones
from menuvo_ops.environment.findings import Finding, warning
from menuvo_ops.environment.relations import relations
from menuvo_ops.environment.values import Values, text, words
from menuvo_ops.environment.variable import Variable
from menuvo_ops.environment.variables import VARIABLES

# Nothing but words that stand in examples, and digits and signs between them.
_GUESSED_FIRST = re.compile(
    r"(?:admin|change|database|default|example|here|insert|it|kennwort|letmein|me|menuvo|my"
    r"|passwd|password|passwort|please|postgres|qwerty|qwertz|redis|root|s3cret|secret|test|the|this"
    r"|todo|uiop|user|welcome|xxx|your|[\d\W_])+",
    re.IGNORECASE,
)
_FEWEST_DIFFERENT_SIGNS = 6


def check_values(values: Values) -> list[Finding]:
    """All findings at once, in the order of the names, then what goes wrong between them."""
    found = [finding for variable in VARIABLES.values() for finding in _check(variable, values)]
    return [*found, *relations(values, malformed={finding.name for finding in found})]


def _check(variable: Variable, values: Values) -> Iterator[Finding]:
    value = text(values, variable.name)
    if not value:
        if variable.needed.holds(values):
            yield Finding(variable.name, "is missing", variable.obtain or _like(variable))
    elif problem := judge(variable, value):
        yield Finding(variable.name, problem, _like(variable))
    elif variable.name == "TIME_ZONE" and zones.exists(value) is None:
        told = "could not be checked: this machine has no data about time zones"
        yield warning(variable.name, told, "Install tzdata.")


def judge(variable: Variable, value: str) -> str | None:
    """What is wrong with a value that is there; None when nothing is."""
    return _shape(variable, value) or _meaning(variable, value)


def _shape(variable: Variable, value: str) -> str | None:
    if variable.secret and _GUESSED_FIRST.fullmatch(value):
        return "is a known default, which is guessed first"
    if variable.shortest and (weakness := _weakness(variable, value)):
        return weakness
    if re.fullmatch(variable.pattern, value):
        return None
    return "is malformed" if variable.secret else f"is malformed: {value!r}"


def _weakness(variable: Variable, value: str) -> str | None:
    if len(value) < variable.shortest:
        return f"is too short: it has {len(value)} of at least {variable.shortest} characters"
    if len(set(value)) < _FEWEST_DIFFERENT_SIGNS:
        return "is too simple: it repeats a few characters"
    return None


def _meaning(variable: Variable, value: str) -> str | None:
    match variable.name:
        case "BACKUP_CRON" | "BACKUP_BASE_CRON":
            return cron.problem(value)
        case "BACKUP_AGE_RECIPIENT":
            misspelt = [one for one in words(value) if not age.is_recipient(one)]
            return f"is misspelt: {misspelt[0]!r}" if misspelt else None
        case "BACKUP_AGE_IDENTITY":
            return None if all(map(age.recipient_of, words(value))) else "is misspelt"
        case "TIME_ZONE":
            return f"is no time zone: {value!r}" if zones.exists(value) is False else None
        case _:
            return None


def _like(variable: Variable) -> str:
    return f"It looks like: {variable.looks_like}."
