"""The screen that is shown again and again."""

import subprocess
import sys


def test_whoever_has_read_enough_ends_it_without_a_complaint() -> None:
    shows = (
        "from menuvo_ops.overview import watching\n"
        "from menuvo_ops.rollout.interruption import Interruption\n"
        "watching._EVERY_SECONDS = 0.01\n"
        "watching.watch(lambda: 'All is well.', Interruption(), clears=False)\n"
    )
    done = subprocess.run(
        f'set -o pipefail; {sys.executable} -c "$CODE" | head -n 1',
        shell=True,
        executable="/bin/bash",
        env={"CODE": shows, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "All is well.\n", "")
