"""The verbs about backups, as they are typed on a server."""

import json

from menuvo_ops.backups.asking import require_sense
from menuvo_ops.backups.records import find, raw
from menuvo_ops.backups.showing import as_facts, as_table, as_text
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
    directory = arguments.directory.resolve()
    listed = Backups(directory, lambda _event: None, Interruption())
    if arguments.action == "list":
        found = listed.list_backups()
        say(json.dumps(as_facts(found)) if arguments.json else as_table(found))
        return 0
    one = find(listed.list_backups(), arguments.which)
    say(raw(listed.list_json(), one.id) if arguments.json else as_text(one))
    return 0
