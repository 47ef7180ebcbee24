"""The verbs about the environment, as they are typed on a server."""

import json
from collections.abc import Mapping

from menuvo_ops.environment import Deployment, examine, plain
from menuvo_ops.environment.bringing import bring
from menuvo_ops.environment.findings import as_facts
from menuvo_ops.environment.rotations import SIGNING, find_rotation
from menuvo_ops.errors import Usage
from menuvo_ops.rollout import rotations
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.comparing import compare
from menuvo_ops.rollout.rotating import Rotating
from menuvo_ops.rollout.scene import Options
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.server.arguments import Arguments
from menuvo_ops.server.session import end, listening, say, server_of


def environment(arguments: Arguments, _given: list[str]) -> int:
    return _ACTIONS[arguments.action or "check"](arguments)


def _init(arguments: Arguments) -> int:
    deployment = Deployment(arguments.directory.resolve())
    found = plain.init(deployment, domain=arguments.domain, from_file=arguments.brought)
    return _told(arguments, found)


def _check(arguments: Arguments) -> int:
    deployment = Deployment(arguments.directory.resolve())
    if not arguments.json:
        return _told(arguments, plain.check(deployment))
    environment = examine(deployment)
    say(json.dumps(as_facts(deployment.env_file, environment.findings)))
    return 1 if environment.errors else 0


def _told(arguments: Arguments, found: list[str]) -> int:
    say(json.dumps(found) if arguments.json else "\n".join(found or ["It is complete."]))
    return 1 if any(line.startswith("error") for line in found) else 0


def _diff(arguments: Arguments) -> int:
    stack = Stack(Deployment(arguments.directory.resolve()))
    stack.require_engine()
    found = compare(stack, Archive(stack.directory))
    say(json.dumps(found.as_facts()) if arguments.json else str(found))
    return 1 if found.differences else 0


def _rotate(arguments: Arguments) -> int:
    directory = arguments.directory.resolve()
    if arguments.lists:
        rows = rotations.listed(Archive(directory))
        say(json.dumps(rotations.as_facts(rows)) if arguments.json else rotations.as_text(rows))
        return 0
    if arguments.which is None:
        raise Usage("Which secret?", hint="menuvo env rotate --list shows what can be rotated.")
    rotation = find_rotation(arguments.which)
    if arguments.finish and rotation.name != SIGNING:
        raise Usage(f"--finish belongs to {SIGNING}: the others are changed at once.")
    if arguments.env_from and rotation.is_made:
        raise Usage(
            f"{rotation.name} is made here, whatever stands in a file.",
            hint="Leave --env-from away.",
        )
    stack = Stack(Deployment(directory))
    stack.require_engine()
    brought: Mapping[str, str] = {}
    if not rotation.is_made:
        brought = bring(rotation, arguments.env_from)
    interruption, told = listening(arguments)
    try:
        options = Options(
            soak_seconds=arguments.soak,
            patience_seconds=arguments.patience,
            maintenance=arguments.maintenance,
        )
        server = server_of(arguments, told, interruption)
        rotating = Rotating(server, options, dry_run=arguments.dry_run)
        ended = rotating.finish() if arguments.finish else rotating.rotate(rotation, brought)
        return end(ended, told, stack, is_dry=arguments.dry_run)
    finally:
        told.close()


_ACTIONS = {"init": _init, "check": _check, "diff": _diff, "rotate": _rotate}
