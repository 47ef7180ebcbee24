"""The Chromium that browser tests drive."""

import os
import shutil
from pathlib import Path

from menuvo_ops.commands import apt
from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.sources import Say
from menuvo_ops.runner import run

# The tests read the same name; set by hand it wins over every browser found.
VARIABLE = "MENUVO_CHROMIUM"
_NAMES = ("chromium", "google-chrome-stable", "google-chrome", "chromium-browser")


def find_browser() -> Path | None:
    wished = os.environ.get(VARIABLE)
    found = wished or next(filter(None, map(shutil.which, _NAMES)), None)
    return Path(found) if found else None


def provide_browser(say: Say) -> Path:
    """Find Chromium, or as root install Debian's."""
    browser = find_browser()
    if browser is None and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium for the browser tests")
        run(apt.refresh_system(), what="Reading Debian's list of packages")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run(apt.install_into_system("chromium"), what="Installing Chromium", env=quiet)
        browser = find_browser()
    if browser is None:
        raise MissingProgram(
            "The browser tests need Chromium, which is not on this machine.",
            hint=f"Install it (Debian: sudo apt-get install chromium), name one in {VARIABLE}, "
            "or leave these tests out with: ./menuvo test --fast",
        )
    return browser
