"""Finds the oldest Python that a server may have."""

import shutil
import subprocess
from pathlib import Path

OLDEST = "3.10"


def find_oldest() -> Path | None:
    """One that really runs: a version manager leaves names on the path that only complain."""
    named = shutil.which(f"python{OLDEST}")
    managed = (Path.home() / ".pyenv/versions").glob(f"{OLDEST}.*/bin/python3")
    for candidate in [*([Path(named)] if named else []), *sorted(managed)]:
        asked = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        if done.stdout.strip() == OLDEST:
            return candidate
    return None
