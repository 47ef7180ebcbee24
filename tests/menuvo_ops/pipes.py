"""A program of ours in a pipe, read by somebody who soon has enough."""

import subprocess
import sys


def read_first_line(code: str) -> "subprocess.CompletedProcess[str]":
    """How the whole pipe ended: also where only the program, and not its reader, complains."""
    return subprocess.run(
        f'set -o pipefail; {sys.executable} -c "$CODE" | head -n 1',
        shell=True,
        executable="/bin/bash",
        env={"CODE": code, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
