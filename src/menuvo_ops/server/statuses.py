"""`menuvo status`, as it is typed on a server: what serves, and what could be brought back."""

import json
from collections.abc import Sequence
from datetime import datetime, timezone

from menuvo_ops.backups.standing import as_facts, as_rows
from menuvo_ops.backups.verbs import Backups
from menuvo_ops.environment import Deployment
from menuvo_ops.rollout import status as statuses
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.server.arguments import Arguments
from menuvo_ops.server.session import say


def status(arguments: Arguments, _given: list[str]) -> int:
    stack = Stack(Deployment(arguments.directory.resolve()))
    stack.require_engine()
    serving = statuses.status(stack, Archive(stack.directory))
    backups = Backups(stack.directory, lambda _event: None, Interruption()).standing()
    if arguments.json:
        say(json.dumps({**statuses.as_facts(serving), **as_facts(backups)}))
    else:
        say(statuses.as_text(serving))
        rows = as_rows(backups, datetime.now(timezone.utc))  # noqa: UP017
        if rows:
            say(f"\n{_aligned(rows)}")
    return 0


def _aligned(rows: Sequence[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in rows)
    return "\n".join(
        f"{name if number == 0 else '':<{width}}  {line}"
        for name, told in rows
        for number, line in enumerate(told.splitlines())
    )
