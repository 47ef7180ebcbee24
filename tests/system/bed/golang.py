"""Go for the test bed: this machine's, or Debian's."""

import os
import shutil
from pathlib import Path

from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.golang import OLDEST, find_go
from menuvo_ops.local.packages import unpack_from_suite
from menuvo_ops.local.sources import Say
from tests.system.bed.cache import cache
from tests.system.bed.engine import SUITE

_DEBIAN = "1.26"


def provide_go(say: Say) -> Path:
    found = find_go()
    if found is not None:
        return found
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise MissingProgram(
            "Go is missing, and it can only be fetched on Debian.",
            hint=f"Install Go {OLDEST} or newer and run this again.",
        )
    packages = [f"golang-{_DEBIAN}-go", f"golang-{_DEBIAN}-src"]
    root = unpack_from_suite(SUITE, packages, into=cache() / "packages", say=say)
    return root / f"usr/lib/go-{_DEBIAN}/bin/go"
