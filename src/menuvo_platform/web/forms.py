"""Forms as people send them: trimmed text, and files."""

import re
from typing import cast

from litestar import Request
from litestar.datastructures import State, UploadFile

# PostgreSQL stores no zero byte, and no other control character means anything in a form.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Form:
    def __init__(self, fields: dict[str, object]) -> None:
        self._fields: dict[str, object] = fields

    def text(self, name: str) -> str:
        """What was entered, empty when nothing was."""
        value = self._fields.get(name)
        return _CONTROL.sub("", value).strip() if isinstance(value, str) else ""

    def secret(self, name: str) -> str:
        """Exactly what was entered: a password may begin with a space."""
        value = self._fields.get(name)
        return value if isinstance(value, str) else ""

    def file(self, name: str) -> UploadFile | None:
        """The file that was chosen, if one was."""
        value = self._fields.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None


async def read_form(request: Request[object, object, State]) -> Form:
    fields = await request.form()
    return Form(cast("dict[str, object]", dict(fields)))
