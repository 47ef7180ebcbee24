"""Forms as people send them: trimmed text, and files."""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from litestar import Request
from litestar.datastructures import State, UploadFile

from menuvo_platform.errors import Invalid
from menuvo_platform.web.edge import SAFE_METHODS, raise_refusal

# PostgreSQL stores no zero byte, and no other control character means anything in a form.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Form:
    """A field may be there more than once, as checkboxes are; where one is asked for, the first."""

    def __init__(self, fields: Mapping[str, Sequence[object]]) -> None:
        self._fields: Mapping[str, Sequence[object]] = fields

    def text(self, name: str) -> str:
        """What was entered, empty when nothing was."""
        return _clean(self._first(name))

    def texts(self, prefix: str) -> tuple[str, ...]:
        """What was chosen in all fields whose names begin like this."""
        values = (
            _clean(value)
            for name, all_values in self._fields.items()
            if name.startswith(prefix)
            for value in all_values
        )
        return tuple(value for value in values if value)

    def secret(self, name: str) -> str:
        """Exactly what was entered: a password may begin with a space."""
        value = self._first(name)
        return value if isinstance(value, str) else ""

    def file(self, name: str) -> UploadFile | None:
        """The file that was chosen, if one was."""
        value = self._first(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def _first(self, name: str) -> object:
        return next(iter(self._fields.get(name, ())), None)


def _clean(value: object) -> str:
    return _CONTROL.sub("", value).strip() if isinstance(value, str) else ""


async def read_form(request: Request[object, object, State]) -> Form:
    """Raises Invalid for text that is not what its part says it is."""
    try:
        fields = await request.form()
    except (UnicodeDecodeError, LookupError) as error:
        raise Invalid from error
    return Form(cast("Mapping[str, Sequence[object]]", fields.dict()))


async def read_form_first(request: Request[object, object, State]) -> None:
    """Runs before a handler gets its transaction: while a phone with bad reception is sending, no
    connection to the database may wait with it."""
    await raise_refusal(request)
    if request.method not in SAFE_METHODS:
        await read_form(request)
