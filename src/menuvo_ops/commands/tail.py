"""Reading the ends of files."""

from pathlib import Path


def last_lines(files: list[Path], *, count: int, follow: bool) -> list[str]:
    """With several files each part is headed by its file's name."""
    return ["tail", f"--lines={count}", *(["-F"] if follow else []), *map(str, files)]
