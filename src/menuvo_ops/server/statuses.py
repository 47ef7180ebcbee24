"""`menuvo status`, as it is typed on a server: everything on one screen."""

import json
import sys
from dataclasses import asdict
from datetime import datetime, timezone

from menuvo_ops.backups import standing
from menuvo_ops.backups.standing import Standing
from menuvo_ops.backups.verbs import Backups
from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.production import CHECKS_OF_PRODUCTION
from menuvo_ops.overview.backups import parts_of
from menuvo_ops.overview.containers import Process, processes, rows
from menuvo_ops.overview.parts import Part, look_at_parts
from menuvo_ops.overview.showing import as_lines, as_table
from menuvo_ops.overview.watching import watch
from menuvo_ops.rollout import status as statuses
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.server.arguments import Arguments
from menuvo_ops.server.session import say


def status(arguments: Arguments, _given: "list[str]") -> int:
    if not arguments.watch:
        say(_screen(arguments))
        return 0
    interruption = Interruption()
    interruption.listen(lifeline=arguments.lifeline)
    watch(lambda: _screen(arguments), interruption, clears=not arguments.json)
    return 0


def _screen(arguments: Arguments) -> str:
    """Asked anew each time."""
    ground = Deployed(arguments.directory.resolve())
    serving = statuses.status(ground.stack, ground.archive)
    them = processes(ground, serving) if serving.release else []
    parts = look_at_parts(ground, CHECKS_OF_PRODUCTION) if serving.release else []
    backups = Backups(ground.directory, lambda _event: None, Interruption()).standing()
    if arguments.json:
        return _as_json(serving, them, parts, backups)
    return _as_text(serving, them, parts, backups)


def _as_json(
    serving: statuses.Status, them: "list[Process]", parts: "list[Part]", backups: Standing
) -> str:
    facts = {**statuses.as_facts(serving), **standing.as_facts(backups)}
    looks = {"services": [asdict(one) for one in them], "parts": [asdict(one) for one in parts]}
    return json.dumps({**facts, **looks})


def _as_text(
    serving: statuses.Status, them: "list[Process]", parts: "list[Part]", backups: Standing
) -> str:
    told = parts_of(backups, datetime.now(timezone.utc))  # noqa: UP017, server Python
    lines = as_lines([*parts, *told], colours=sys.stdout.isatty())
    blocks = [statuses.heading(serving), as_table(rows(them)) if them else "", lines]
    return "\n\n".join(filter(None, blocks))
