"""One call of the command: who reads along, who is asked, and who hears how it ended."""

import select
import sys
from collections.abc import Callable

from menuvo_ops.environment import Deployment, examine
from menuvo_ops.errors import OpsError, Usage
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.notifying import notify
from menuvo_ops.rollout.reporters import Reporter, reporter
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.telling import Ended, Noted
from menuvo_ops.rollout.verbs import Server
from menuvo_ops.server.arguments import Arguments

_LOOK_EVERY = 0.2


def listening(arguments: Arguments) -> tuple[Interruption, Reporter]:
    interruption = Interruption()
    interruption.listen(lifeline=arguments.lifeline)
    lost = "the end of whoever read along"
    return interruption, reporter(as_json=arguments.json, lost=lambda: interruption.report(lost))


def server_of(arguments: Arguments, told: Reporter, interruption: Interruption) -> Server:
    directory = arguments.directory.resolve()
    return Server(directory, told.tell, interruption, agreement(arguments, interruption))


def agreement(arguments: Arguments, interruption: Interruption) -> Callable[[], bool]:
    """What asks whoever sits there, once the plan was shown."""
    return asking(interruption, unasked=arguments.yes or arguments.dry_run)


def asking(interruption: Interruption, *, unasked: bool) -> Callable[[], bool]:
    """Raises Usage where nobody is there to ask."""

    def agrees() -> bool:
        if unasked:
            return True
        if not sys.stdin.isatty():
            raise Usage("Nobody is there to ask.", hint="Add --yes, or look first: --dry-run")
        sys.stderr.write("Go on? [y/N] ")
        sys.stderr.flush()
        while not select.select([sys.stdin], [], [], _LOOK_EVERY)[0]:
            interruption.check()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    return agrees


def end(ended: Ended, told: Reporter, stack: Stack, *, is_dry: bool) -> int:
    told.tell(ended)
    if ended.seconds and not is_dry:
        tell_others(ended, told, stack.deployment)
    return ended.exit_code


def tell_others(ended: Ended, told: Reporter, deployment: Deployment) -> None:
    try:
        values = examine(deployment).values
    except OpsError:
        # An environment that cannot be read names no channel; what it hides was told here.
        return
    for complaint in notify(values, ended):
        told.tell(Noted(complaint, is_warning=True))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
