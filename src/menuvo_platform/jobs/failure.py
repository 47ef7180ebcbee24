"""What the operator reads about a job that failed: one line, short, without secrets."""

import re

from sqlalchemy.exc import DBAPIError

LONGEST = 300
_PASSWORD_IN_URL = re.compile(r"(\w://)[^\s/@]*@")
_SECRET_BY_NAME = re.compile(r"(?i)\b(password|secret|token|key)(\s*[=:]\s*)\S+")


def describe(error: BaseException) -> str:
    """The kind of the error and the first line it says.

    An error of the database says more in what caused it; its own text also repeats the statement
    with its parameters, which are a guest's or a restaurant's data.
    """
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    lines = str(cause).strip().splitlines()
    said = f"{type(cause).__name__}: {lines[0]}" if lines else type(cause).__name__
    said = _PASSWORD_IN_URL.sub(r"\1[REDACTED]@", said)
    said = _SECRET_BY_NAME.sub(r"\1\2[REDACTED]", said)
    return said.replace("\x00", "")[:LONGEST]
