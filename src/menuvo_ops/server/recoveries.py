"""`menuvo recovery`, as it is typed on a server or asked of it."""

import sys
from pathlib import Path

from menuvo_ops.environment import Deployment
from menuvo_ops.errors import Usage
from menuvo_ops.recovery.asking import require_sense
from menuvo_ops.recovery.verbs import PRINTED, Recoveries
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.server.arguments import Arguments
from menuvo_ops.server.session import listening


def recovery(arguments: Arguments, _given: list[str]) -> int:
    action, file = arguments.action or "", arguments.which
    require_sense(action, file)
    recoveries = Recoveries(Stack(Deployment(arguments.directory.resolve())))
    if action == "sheet" or file == PRINTED:
        sys.stdout.write(recoveries.printed(action))
        return 0
    if file is None:
        raise Usage(
            "Where is the recovery file to be written?",
            hint="menuvo recovery write FILE, to a place that does not go with this server",
        )
    _, told = listening(arguments)
    try:
        ended = recoveries.write(Path(file))
        told.tell(ended)
        return ended.exit_code
    finally:
        told.close()
