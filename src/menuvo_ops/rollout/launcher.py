"""`menuvo` in the deployment's folder: the tool of whichever release serves."""

from menuvo_ops.environment.writing import write_if_changed
from menuvo_ops.rollout.archive import PROGRAM, Archive

_SCRIPT = f"""\
#!/bin/sh
# The tool of the release that serves; a deploy writes this file.
here=$(dirname -- "$(readlink -f -- "$0")")
# Not by the link: a deploy moves it while this very program runs.
release=$(readlink -f -- "$here/releases/current")
exec python3 "$release/{PROGRAM}" "$@"
"""


def provide_launcher(archive: Archive) -> None:
    write_if_changed(archive.deployment / "menuvo", _SCRIPT.encode(), mode=0o755)
