"""`menuvo backup` and `menuvo restore` where everything runs as processes of this machine."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace

from menuvo_ops.backups.showing import show
from menuvo_ops.backups.verbs import make, prove, prove_due
from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.errors import NotReady, OpsError, Refused, Usage
from menuvo_ops.local.paths import Clone
from menuvo_ops.operations.embedded.backups.cut_off import settle
from menuvo_ops.operations.embedded.backups.ground import Ground
from menuvo_ops.operations.embedded.backups.restoring import Restoring
from menuvo_ops.operations.summary import print_summary
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.rollout.reporters import Reporter, reporter
from menuvo_ops.rollout.taking import take, whoever
from menuvo_ops.rollout.telling import Ended
from menuvo_ops.server.session import asking, say

_LOST = "the end of whoever read along"


def backups(clone: Clone, wish: Wish, manner: Manner) -> int:
    """Return the exit code; what went wrong was told."""
    if wish.patience_seconds is not None:
        raise Usage("--patience belongs to a deployment.")
    _require_no_moment(wish)
    if Ground(clone).is_bare:
        raise NotReady(
            "Nothing runs here: ./menuvo up",
            hint="For a deployment name its folder with --directory, or its server with --host.",
        )
    if wish.only_looks:
        listed = Ground(clone).list_json()
        say(show(listed, wish.what or "list", wish.which, as_json=manner.as_json))
        return 0
    if wish.asks and not manner.yes and not sys.stdin.isatty():
        raise Usage("Nobody is there to ask.", hint="Add --yes, or look first: --dry-run")
    interruption = Interruption()
    interruption.listen()
    told = reporter(as_json=manner.as_json, lost=lambda: interruption.report(_LOST))
    try:
        ended = _ended(clone, wish, manner, told, interruption)
        told.tell(ended)
    finally:
        told.close()
    if wish.verb == "restore" and ended.outcome == "done" and not wish.forget:
        _say_where_to_click(clone, manner)
    return ended.exit_code


def _require_no_moment(wish: Wish) -> None:
    if wish.at is not None or wish.what == "window":
        raise Usage(
            "What runs here keeps no archive of its changes, so it cannot go back to a moment.",
            hint="It goes back to a backup: ./menuvo backup list, then ./menuvo restore ID. A"
            " deployment goes back to a moment: name its folder with --directory, or its server"
            " with --host.",
        )


def _ended(
    clone: Clone, wish: Wish, manner: Manner, told: Reporter, interruption: Interruption
) -> Ended:
    agrees = asking(interruption, unasked=manner.yes or wish.dry_run)
    try:
        with _alone(Ground(clone, told.tell, interruption)) as (ground, lock):
            return _do(ground, lock, wish, agrees)
    except OpsError as error:
        return Ended("refused", error.exit_code, error.message, error.hint)
    except OSError as error:
        refused = Refused.by_system(error)
        return Ended("refused", refused.exit_code, refused.message, refused.hint)


def _do(ground: Ground, lock: Lock, wish: Wish, agrees: Callable[[], bool]) -> Ended:
    match wish.verb, wish.what:
        case "backup", "now":
            lock.note("making a backup")
            ground.require_running()
            settle(ground)
            return make(ground, verifies=not wish.no_verify)
        case "backup", _:
            lock.note("restoring a backup for trial")
            if wish.due:
                return prove_due(ground, before=lambda: None)
            return prove(ground, wish.which, before=lambda: None)
        case _:
            ground.require_running()
            restoring = Restoring(ground, lock, agrees)
            if wish.forget:
                return restoring.forget(is_dry=wish.dry_run)
            return restoring.restore(wish.which, undoes=wish.undo, is_dry=wish.dry_run)


@contextmanager
def _alone(ground: Ground) -> Generator[tuple[Ground, Lock]]:
    """One at a time; what a killed one has left at work is waited for."""
    file = ground.clone.backups_lock
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = Lock(file, whoever(), hint="Wait for its end.")
    with take(lock, file, ground.tell, ground.interruption):
        yield replace(ground, kept=(lock.descriptor,)), lock


def _say_where_to_click(clone: Clone, manner: Manner) -> None:
    running = Ground(clone).require_running()
    if running["base_url"] and not manner.as_json:
        print_summary(clone.demo, running["base_url"], running["services"])
