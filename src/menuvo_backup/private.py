"""A file for a program's eyes and ours: what is secret is in no argument and no variable, where
other processes and `docker inspect` would show it. In memory where /tmp is, and gone with the run;
what one that was killed has left goes with the next."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

_NAME = "menuvo-backup-"


@contextmanager
def private_file(content: str) -> Generator[Path]:
    _clear_left()
    with TemporaryDirectory(prefix=f"{_NAME}{os.getpid()}-") as folder:
        file = Path(folder, "secret")
        file.touch(mode=0o600)
        _ = file.write_text(content, encoding="utf-8")
        yield file


def _clear_left() -> None:
    for folder in Path(gettempdir()).glob(f"{_NAME}*-*"):
        pid = folder.name.removeprefix(_NAME).partition("-")[0]
        if pid.isdecimal() and not _lasts(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _lasts(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # Another user's: the file is none that we may remove.
        return True
    return True
