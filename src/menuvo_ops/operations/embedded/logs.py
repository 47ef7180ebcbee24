"""`menuvo logs`: the last lines of one service, or of all."""

import subprocess
from contextlib import suppress

from menuvo_ops.commands import tail
from menuvo_ops.errors import OpsError, Usage
from menuvo_ops.local.logs import log_file
from menuvo_ops.local.paths import Clone


def logs(clone: Clone, service: str | None, *, count: int, follow: bool) -> None:
    files = sorted(clone.logs.glob("*.log"))
    if not files:
        raise OpsError("There are no logs yet.", hint="They are made by: ./menuvo up")
    if service is not None:
        wanted = log_file(clone.logs, service)
        if wanted not in files:
            names = ", ".join(file.stem for file in files)
            raise Usage(f"There is no log of {service}.", hint=f"There are: {names}.")
        files = [wanted]
    # Ctrl-C is how one stops following.
    with suppress(KeyboardInterrupt):
        subprocess.run(tail.last_lines(files, count=count, follow=follow), check=False)
