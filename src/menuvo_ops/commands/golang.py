"""Go as argument lists."""

from pathlib import Path


def version(go: Path) -> list[str]:
    return [str(go), "env", "GOVERSION"]


def packages(go: Path, folder: Path, package: str, *, tags: str) -> list[str]:
    """Prints all that `package` is compiled of, a line each."""
    return [str(go), "list", "-C", str(folder), "-mod=readonly", *_tagged(tags), "-deps", package]


def build(go: Path, folder: Path, package: str, output: Path, *, tags: str) -> list[str]:
    """A static program without the paths of this machine in it; names each package it compiles."""
    options = ["-v", "-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags=-s -w"]
    return [
        *[str(go), "build", "-C", str(folder), *options, *_tagged(tags)],
        *["-o", str(output), package],
    ]


def download(go: Path, folder: Path, module: str) -> list[str]:
    """Prints as JSON where the pinned `module` lies."""
    return [str(go), "mod", "download", "-C", str(folder), "-json", module]


def replace(go: Path, folder: Path, module: str, by: str) -> list[str]:
    return [str(go), "mod", "edit", "-C", str(folder), f"-replace={module}={by}"]


def _tagged(tags: str) -> list[str]:
    return [f"-tags={tags}"] if tags else []
