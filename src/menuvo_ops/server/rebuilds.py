"""`menuvo rebuild`, as it is typed on a server that has nothing yet."""

import sys
from pathlib import Path

from menuvo_ops.environment import Deployment
from menuvo_ops.errors import Usage
from menuvo_ops.rebuilding.rebuilding import Wanted
from menuvo_ops.rebuilding.verbs import Rebuilds
from menuvo_ops.recovery import content
from menuvo_ops.restoring.asking import require_sense
from menuvo_ops.rollout.scene import Options
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.server.arguments import Arguments
from menuvo_ops.server.session import agreement, end, listening


def rebuild(arguments: Arguments, _given: list[str]) -> int:
    require_sense(arguments.from_backup, at=arguments.at, undo=False, forget=False)
    if not (arguments.yes or arguments.dry_run or sys.stdin.isatty()):
        # Also where one that was cut off would go on unasked.
        raise Usage("Nobody is there to ask.", hint="Add --yes, or look first: --dry-run")
    file = Path(arguments.recovery_file)
    if not file.is_file():
        raise Usage(f"There is no file {file}.", hint="It was made by: menuvo recovery write")
    recovery = content.read(file.read_text(errors="replace"), name=file.name)
    directory = _provided(arguments.directory)
    stack = Stack(Deployment(directory))
    stack.require_engine()
    interruption, told = listening(arguments)
    try:
        rebuilds = Rebuilds(directory, told.tell, interruption, agreement(arguments, interruption))
        wanted = Wanted(recovery, arguments.from_backup, arguments.at, arguments.version)
        options = Options(patience_seconds=arguments.patience)
        ended = rebuilds.rebuild(wanted, options, dry_run=arguments.dry_run)
        return end(ended, told, stack, is_dry=arguments.dry_run)
    finally:
        told.close()


def _provided(directory: Path) -> Path:
    """The one verb that begins with no folder."""
    if not directory.resolve().parent.is_dir():
        raise Usage(f"There is no folder {directory.parent}.", hint="Make it, or name another one.")
    directory.mkdir(exist_ok=True)
    return directory.resolve()
