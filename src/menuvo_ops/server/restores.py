"""`menuvo restore`, as it is typed on a server."""

import sys

from menuvo_ops.environment import Deployment
from menuvo_ops.errors import Usage
from menuvo_ops.restoring.asking import require_sense
from menuvo_ops.restoring.choosing import Wanted
from menuvo_ops.restoring.verbs import Restores
from menuvo_ops.rollout.scene import Options
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.server.arguments import Arguments
from menuvo_ops.server.session import agreement, end, listening


def restore(arguments: Arguments, _given: list[str]) -> int:
    require_sense(arguments.which, at=arguments.at, undo=arguments.undo, forget=arguments.forget)
    if not (arguments.yes or arguments.dry_run or sys.stdin.isatty()):
        # Also where a restore that was cut off would go on unasked.
        raise Usage("Nobody is there to ask.", hint="Add --yes, or look first: --dry-run")
    stack = Stack(Deployment(arguments.directory.resolve()))
    stack.require_engine()
    interruption, told = listening(arguments)
    try:
        restores = Restores(
            arguments.directory.resolve(),
            told.tell,
            interruption,
            agreement(arguments, interruption),
        )
        if arguments.forget:
            ended = restores.forget(dry_run=arguments.dry_run)
        else:
            options = Options(patience_seconds=arguments.patience)
            wanted = Wanted(arguments.which, arguments.at, undoes=arguments.undo)
            ended = restores.restore(wanted, options, dry_run=arguments.dry_run)
        return end(ended, told, stack, is_dry=arguments.dry_run)
    finally:
        told.close()
