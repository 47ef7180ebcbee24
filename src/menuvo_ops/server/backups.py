"""The verbs about backups, as they are typed on a server."""

from menuvo_ops.backups.asking import require_sense
from menuvo_ops.backups.showing import show
from menuvo_ops.backups.verbs import Backups
from menuvo_ops.backups.window import as_text, parse
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
    if arguments.action in {"list", "show", "window"}:
        say(_shown(arguments))
        return 0
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


def _shown(arguments: Arguments) -> str:
    backups = Backups(arguments.directory.resolve(), lambda _event: None, Interruption())
    action = arguments.action or "list"
    if action == "window":
        told = backups.window_json()
        return told.strip() if arguments.json else as_text(parse(told), backups.zone())
    return show(backups.list_json(), action, arguments.which, as_json=arguments.json)
