"""Names for what is made once: by what went into it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path


def key(*inputs: str | Path) -> str:
    """A short name for exactly these inputs; of a file or folder its names and contents count."""
    digest = hashlib.sha256()
    for one in inputs:
        for part in _parts(one):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:16]


def _parts(one: str | Path) -> Iterator[bytes]:
    if isinstance(one, str):
        yield one.encode()
    elif one.is_dir():
        for file in sorted(path for path in one.rglob("*") if path.is_file()):
            yield str(file.relative_to(one)).encode()
            yield file.read_bytes()
    else:
        yield one.name.encode()
        yield one.read_bytes()
