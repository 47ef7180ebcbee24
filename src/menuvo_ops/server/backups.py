"""The verbs about backups, as they are typed on a server."""

from menuvo_ops.backups.asking import require_sense
from menuvo_ops.backups.showing import show
from menuvo_ops.backups.verbs import Backups
from menuvo_ops.environment import Deployment
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.server.arguments import Arguments
from menuvo_ops.server.session import listening, say


def backup(arguments: Arguments, _given: list[str]) -> int:
    require_sense(
        arguments.action or "", arguments.which, no_verify=arguments.no_verify, due=arguments.due
    )
    Stack(Deployment(arguments.directory.resolve())).require_engine()
    if arguments.action in {"list", "show"}:
        return _show(arguments)
    interruption, told = listening(arguments)
    try:
        at_work = Backups(arguments.directory.resolve(), told.tell, interruption)
        if arguments.action == "now":
            ended = at_work.now(verifies=not arguments.no_verify)
        elif arguments.due:
            ended = at_work.verify_due()
        else:
            ended = at_work.verify(arguments.which)
        told.tell(ended)
        return ended.exit_code
    finally:
        told.close()


def _show(arguments: Arguments) -> int:
    listed = Backups(arguments.directory.resolve(), lambda _event: None, Interruption())
    say(
        show(
            listed.list_json(),
            arguments.action or "list",
            arguments.which,
            as_json=arguments.json,
        )
    )
    return 0
