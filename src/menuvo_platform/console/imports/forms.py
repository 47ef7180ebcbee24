from dataclasses import dataclass
from typing import ClassVar

from menuvo_platform.errors import Invalid
from menuvo_platform.web.forms import Form


class MenuFileMissing(Invalid):
    code: ClassVar[str] = "menu_file_missing"


@dataclass(frozen=True, slots=True)
class MenuFile:
    name: str
    content: bytes


async def read_menu_file(form: Form) -> MenuFile:
    """Raises MenuFileMissing when no file was chosen."""
    file = form.file("file")
    if file is None:
        raise MenuFileMissing
    return MenuFile(name=file.filename, content=await file.read())
