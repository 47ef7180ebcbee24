"""A Go toolchain, and programs built with it from pinned modules."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.errors import CommandFailed, MissingProgram
from menuvo_ops.local.packages import unpack_from_suite
from menuvo_ops.local.sources import Say
from menuvo_ops.runner import run
from tests.system.bed.cache import cache
from tests.system.bed.engine import SUITE

_DEBIAN = "1.26"
# From this version on Go fetches a newer toolchain through the proxy when a module asks for one.
_OLDEST = (1, 21)


@dataclass(frozen=True)
class Module:
    """A program: `folder` pins by go.mod and go.sum what `package` is built of."""

    name: str
    folder: Path
    package: str
    tags: str = ""


def build(go: Path, module: Module, output: Path) -> list[str]:
    """A static program without the paths of this machine in it."""
    tags = [f"-tags={module.tags}"] if module.tags else []
    options = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", *tags]
    return [str(go), "build", "-C", str(module.folder), *options, "-o", str(output), module.package]


def environment() -> dict[str, str]:
    """What the machine's own settings of Go must not change."""
    return {"CGO_ENABLED": "0", "GOTOOLCHAIN": "auto", "GOFLAGS": "", "GOWORK": "off"}


def provide_go(say: Say) -> Path:
    found = shutil.which("go")
    if found and _version(Path(found)) >= _OLDEST:
        return Path(found)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise MissingProgram(
            "Go is missing, and it can only be fetched on Debian.",
            hint="Install Go 1.21 or newer and run this again.",
        )
    packages = [f"golang-{_DEBIAN}-go", f"golang-{_DEBIAN}-src"]
    root = unpack_from_suite(SUITE, packages, into=cache() / "packages", say=say)
    return root / f"usr/lib/go-{_DEBIAN}/bin/go"


def _version(go: Path) -> tuple[int, ...]:
    try:
        shown = run([str(go), "env", "GOVERSION"], what="Asking Go", env={"GOTOOLCHAIN": "local"})
    except CommandFailed:
        return ()
    return parse_version(shown)


def parse_version(shown: str) -> tuple[int, ...]:
    """`go1.26.8` or `go1.27rc1` as numbers that compare."""
    numbers = shown.strip().removeprefix("go").split(".")[:2]
    return tuple(int("".join(filter(str.isdigit, number[:2])) or 0) for number in numbers)
