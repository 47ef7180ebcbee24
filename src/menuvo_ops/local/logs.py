"""One log file per service, rotated by size."""

import shutil
from pathlib import Path
from typing import BinaryIO

_LARGEST = 10_000_000
_KEPT = 3


def log_file(folder: Path, service: str) -> Path:
    return folder / f"{service}.log"


def open_log(folder: Path, service: str, *, fresh: bool = False) -> BinaryIO:
    folder.mkdir(parents=True, exist_ok=True)
    return log_file(folder, service).open("wb" if fresh else "ab")


def last_lines(file: Path, count: int = 12) -> str:
    if not file.exists():
        return ""
    return "\n".join(file.read_text(errors="replace").splitlines()[-count:])


def rotate(folder: Path, *, largest: int = _LARGEST) -> None:
    """Copy a large log aside and empty it, because the service holds the file open.

    Lines written between the two steps are lost; these are the logs of a demonstration.
    """
    for file in folder.glob("*.log"):
        if file.stat().st_size < largest:
            continue
        for number in range(_KEPT, 1, -1):
            older = file.with_suffix(f".log.{number - 1}")
            if older.exists():
                older.rename(file.with_suffix(f".log.{number}"))
        shutil.copyfile(file, file.with_suffix(".log.1"))
        with file.open("r+b") as log:
            log.truncate()
