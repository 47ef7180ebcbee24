"""Names the images of the edge and the backup by what goes into them.

A release that changes neither keeps their tags, so it recreates neither container. What their
bases are is part of it, because it stands in their Dockerfiles; the workflow and the packing ask
the same function.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from menuvo_ops.errors import OpsError

# What each Dockerfile copies and what it says itself. README and LICENSE, which the backup's copies
# too because its build demands them, change nothing that runs.
INPUTS = {
    "caddy": ("infra/Dockerfile.caddy", "infra/caddy/build"),
    "backup": ("infra/Dockerfile.backup", "src/menuvo_backup", "pyproject.toml", "uv.lock"),
}
_DIGITS = 12
_COMPILED = "__pycache__"


def tags(checkout: Path) -> dict[str, str]:
    return {name: tag(checkout, *INPUTS[name]) for name in INPUTS}


def tag(checkout: Path, *inputs: str) -> str:
    """Hexadecimal digits for exactly these files and folders, by path and content."""
    digest = hashlib.sha256()
    for file in _files(checkout, inputs):
        for part in (str(file.relative_to(checkout)).encode(), file.read_bytes()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:_DIGITS]


def _files(checkout: Path, inputs: tuple[str, ...]) -> Iterator[Path]:
    for one in inputs:
        path = checkout / one
        if not path.exists():
            raise OpsError(
                f"{one} is missing, of which an image is built.",
                hint=f"Is {checkout} a whole checkout, or does .dockerignore leave it out?",
            )
        yield from sorted(_inside(path)) if path.is_dir() else [path]


def _inside(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and _COMPILED not in path.parts:
            yield path


def main() -> None:
    """Prints `name=tag` lines, as a workflow's step hands them on."""
    parser = argparse.ArgumentParser(prog="python -m menuvo_ops.shipping.inputs")
    parser.add_argument("--checkout", type=Path, default=Path.cwd())
    chosen = parser.parse_args(namespace=_Arguments())
    for name, value in tags(chosen.checkout).items():
        sys.stdout.write(f"{name}={value}\n")


class _Arguments(argparse.Namespace):
    checkout: Path


if __name__ == "__main__":
    main()
