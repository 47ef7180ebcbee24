"""Packs a release into one file: the part of the tool for servers, and its infrastructure.

The same checkout always gives the same bytes, whichever machine packs it: nothing is compressed
(images and ssh do that, and two builds of zlib compress differently) and no file has a date.
"""

import argparse
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from menuvo_ops.errors import OpsError, Usage
from menuvo_ops.shipping import inputs
from menuvo_ops.shipping.layout import ENTRY, INFRA, MANIFEST
from menuvo_ops.shipping.modules import needed_modules

SHIPPED = (
    *("docker-compose.yml", "env.example"),
    *("beszel", "caddy", "gatus", "postgres", "redis", "socket-proxy"),
)
# What programs are built of: what runs needs its configuration alone.
_LEFT_OUT = "build"
# What a registry takes as a tag.
_VERSION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_EXECUTABLE, _PLAIN = 0o755, 0o644
_OWNER_MAY_EXECUTE = 0o100
# The first that a zip file can have.
_DATE = (1980, 1, 1, 0, 0, 0)
_MADE_ON_UNIX = 3
_SHEBANG = b"#!/usr/bin/env python3\n"
# Older ones must be able to read it, so that they can say what is wrong.
_MAIN = f"""\
import sys

if sys.version_info < (3, 10):
    sys.exit("menuvo needs Python 3.10 or newer, and this is %d.%d." % sys.version_info[:2])

from {ENTRY} import main

sys.exit(main())
"""


def pack(
    checkout: Path, version: str, out: Path, *, infra: Path | None = None, created: str = "unknown"
) -> None:
    """Write the release file; `infra` takes the place of the checkout's, `created` is a date."""
    if not _VERSION.fullmatch(version):
        raise Usage(
            f"{version!r} cannot name a release.",
            hint="Use a commit, or letters, digits, points and dashes.",
        )
    source = checkout.resolve() / "src"
    manifest = {
        "version": version,
        "images": {"platform": version, **inputs.tags(checkout)},
        "created": created,
    }
    members = {"__main__.py": _MAIN.encode(), MANIFEST: json.dumps(manifest, indent=1).encode()}
    for module in needed_modules(source, ENTRY):
        members[module.relative_to(source).as_posix()] = module.read_bytes()
    executables: set[str] = set()
    for path, file in _shipped(infra or checkout / "infra"):
        members[path] = file.read_bytes()
        if file.stat().st_mode & _OWNER_MAY_EXECUTE:
            executables.add(path)
    _write(out, members, executables)


def _shipped(infra: Path) -> Iterator[tuple[str, Path]]:
    for name in SHIPPED:
        path = infra / name
        if not path.exists():
            raise OpsError(f"{path} is missing, which every release ships.")
        for file in path.rglob("*") if path.is_dir() else [path]:
            inner = file.relative_to(infra)
            # Editors leave hidden files beside those that they write.
            hidden = any(part.startswith(".") for part in inner.parts)
            if file.is_file() and not hidden and _LEFT_OUT not in inner.parts:
                yield INFRA + inner.as_posix(), file


def _write(out: Path, members: dict[str, bytes], executables: set[str]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as file:
        file.write(_SHEBANG)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(members):
                member = zipfile.ZipInfo(name, _DATE)
                member.create_system = _MADE_ON_UNIX
                mode = _EXECUTABLE if name in executables else _PLAIN
                member.external_attr = mode << 16
                archive.writestr(member, members[name])
    out.chmod(_EXECUTABLE)


class _Arguments(argparse.Namespace):
    version: str
    out: Path
    checkout: Path
    created: str


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m menuvo_ops.shipping.packing",
        description="Pack the release file that the platform image carries.",
    )
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--checkout", type=Path, default=Path.cwd())
    parser.add_argument("--created", default="unknown", help="when, as it shall be shown")
    chosen = parser.parse_args(namespace=_Arguments())
    try:
        pack(chosen.checkout, chosen.version, chosen.out, created=chosen.created)
    except OpsError as error:
        parser.exit(error.exit_code, f"{error.message}\n{error.hint}\n")


if __name__ == "__main__":
    main()
