"""Folders that are there whole, or not at all."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def in_one_piece(folder: Path) -> Generator[Path]:
    """Yields a folder to fill, which becomes `folder` when all went well. Where it did not,
    nothing is left of it, and of a run that was killed nothing is taken over."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
