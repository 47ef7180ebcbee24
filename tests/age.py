"""The program `age`: this machine's, or Debian's unpacked."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from menuvo_backup.settings import Redacted
from menuvo_ops.errors import OpsError
from menuvo_ops.local.packages import unpack
from tests.conftest import PACKAGES


def bindir() -> Path:
    found = shutil.which("age")
    if found is not None:
        return Path(found).parent
    try:
        PACKAGES.mkdir(parents=True, exist_ok=True)
        return unpack("age", into=PACKAGES, say=print) / "usr" / "bin"
    except OpsError as error:
        pytest.skip(f"age is not here and could not be had: {error.message}")


@dataclass(frozen=True)
class Pair:
    recipient: str
    identity: Redacted


def new_pair() -> Pair:
    """Of the program's own making; it has to be on the PATH."""
    made = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True).stdout
    identity = next(line for line in made.splitlines() if not line.startswith("#"))
    argv = ["age-keygen", "-y"]
    public = subprocess.run(argv, input=identity, capture_output=True, text=True, check=True)
    return Pair(public.stdout.strip(), Redacted(identity))
