"""Reads a file of an environment, and says plainly why it cannot."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from menuvo_ops.environment.dotenv import Document, parse
from menuvo_ops.errors import EnvironmentInvalid, Usage


def read(file: Path) -> Document:
    """Raises Usage when there is no such text; its mistakes are in the result."""
    try:
        return parse(file.read_bytes().decode())
    except FileNotFoundError:
        raise Usage(f"There is no file {file}.", hint="Is its name right?") from None
    except UnicodeDecodeError as error:
        raise EnvironmentInvalid(
            f"{file} is not UTF-8: its byte {error.start + 1} is none.",
            hint="Save it as UTF-8 and run this again.",
        ) from None
    except OSError as error:
        raise Usage(f"{file} cannot be read: {error.strerror}.") from None


def read_without_mistakes(file: Path) -> Document:
    """Raises EnvironmentInvalid that names every line which cannot be read."""
    document = read(file)
    if document.mistakes:
        raise invalid(file, map(str, document.mistakes))
    return document


def is_readable(path: str) -> bool:
    """Whether there is a file by that name, and we may read it."""
    try:
        return Path(path).is_file() and os.access(path, os.R_OK)
    except OSError:
        return False


def exposed_mode(file: Path) -> int | None:
    """The mode of a file that others than its owner can read; None when none can."""
    if not file.exists():
        return None
    mode = stat.S_IMODE(file.stat().st_mode)
    return mode if mode & 0o077 else None


def invalid(file: Path, mistakes: Iterable[str]) -> EnvironmentInvalid:
    told = "\n".join(mistakes)
    return EnvironmentInvalid(
        f"{file} cannot be used:\n{told}",
        hint="Nothing was changed. Mend these lines and run this again.",
    )
