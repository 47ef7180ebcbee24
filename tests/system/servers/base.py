"""The root of an empty server: Debian with systemd, sshd, and nothing that setup installs."""

import os
from pathlib import Path

from menuvo_ops.commands import apt
from menuvo_ops.local.keys import key
from menuvo_ops.local.packages import debian_mirror, unpack_from_suite
from menuvo_ops.local.sources import Say
from menuvo_ops.runner import run
from tests.system.bed.cache import cache, locked, used
from tests.system.bed.engine import SUITE as SUITE_OF_TOOLS

SUITE = "trixie"
_PACKAGES = ("systemd-sysv", "dbus", "openssh-server", "iproute2")


def provide_base(say: Say) -> Path:
    """Its archive, which is made once."""
    archive = cache() / "servers" / f"{SUITE}-{key(*_PACKAGES)}.tar"
    with locked("servers"):
        if not archive.exists():
            archive.parent.mkdir(parents=True, exist_ok=True)
            partial = archive.with_suffix(".partial.tar")
            _build(partial, say)
            partial.rename(archive)
    return used(archive)


def _build(archive: Path, say: Say) -> None:
    packages = cache() / "packages"
    unpacked = unpack_from_suite(SUITE_OF_TOOLS, ["mmdebstrap"], into=packages, say=say)
    programs = unpacked / "usr/bin"
    what = f"Building an empty server from Debian {SUITE}"
    say(what)
    argv = [
        *("perl", str(programs / "mmdebstrap"), "--quiet", "--variant=minbase", "--mode=root"),
        '--aptopt=APT::Install-Recommends "false"',
        "--dpkgopt=force-unsafe-io",
        *(f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("man", "locale", "doc")),
        f"--include={','.join(_PACKAGES)}",
        *(SUITE, str(archive), apt.source(debian_mirror(), SUITE).strip()),
    ]
    run(argv, what=what, env={"PATH": f"{programs}:{os.environ['PATH']}"})
