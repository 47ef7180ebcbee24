"""A value that may be a secret: it has to be asked before it tells."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Redacted:
    _value: str = field(repr=False)

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "[REDACTED]"

    def __str__(self) -> str:
        return "[REDACTED]"

    def __format__(self, format_spec: str) -> str:
        return format("[REDACTED]", format_spec)
