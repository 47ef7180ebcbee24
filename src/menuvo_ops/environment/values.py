"""Values by name, and a way to read them that forgives what is missing."""

from collections.abc import Mapping

from menuvo_ops.environment.redacted import Redacted

Values = Mapping[str, Redacted]


def text(values: Values, name: str) -> str:
    """The plain value; empty when there is none."""
    return values.get(name, Redacted("")).reveal()


def words(value: str) -> list[str]:
    """Those of a value that may be several, with spaces or commas between."""
    return value.replace(",", " ").split()
