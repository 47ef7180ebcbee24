"""`menuvo drill`, as it is typed on a server."""

from menuvo_ops.drilling.verbs import Drills
from menuvo_ops.environment import Deployment
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.server.arguments import Arguments
from menuvo_ops.server.session import listening


def drill(arguments: Arguments, _given: list[str]) -> int:
    directory = arguments.directory.resolve()
    Stack(Deployment(directory)).require_engine()
    interruption, told = listening(arguments)
    try:
        ended = Drills(directory, told.tell, interruption).drill(only_if_due=arguments.due)
        told.tell(ended)
        return ended.exit_code
    finally:
        told.close()
