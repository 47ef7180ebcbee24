"""`menuvo timers`, as it is typed on a server, and as cron runs it."""

import json
import sys

from menuvo_ops.environment import Deployment, examine
from menuvo_ops.environment.values import text
from menuvo_ops.errors import NotReady, Usage
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.telling import Ended
from menuvo_ops.server.arguments import Arguments
from menuvo_ops.server.session import listening, say, tell_others
from menuvo_ops.shipping import bundle
from menuvo_ops.timers import showing
from menuvo_ops.timers.asking import require_sense
from menuvo_ops.timers.crontab import Crontab
from menuvo_ops.timers.jobs import find
from menuvo_ops.timers.running import run

_COUNT_THEM = (
    "So that a backup which nobody restored for trial counts as a failure, set BACKUP_VERIFY=true"
    " in .env, and then: ./menuvo deploy"
)


def timers(arguments: Arguments, _given: list[str]) -> int:
    action = arguments.action or ""
    require_sense(action, arguments.which)
    directory = arguments.directory.resolve()
    archive, crontab = Archive(directory), Crontab(directory)
    if action == "show":
        installed = crontab.is_installed
        facts = showing.as_facts(archive, installed=installed)
        told = showing.as_text(archive, installed=installed)
        say(json.dumps(facts) if arguments.json else told)
        return 0
    if action == "run":
        return _run(arguments, archive)
    return _change(arguments, archive, crontab)


def _change(arguments: Arguments, archive: Archive, crontab: Crontab) -> int:
    _, told = listening(arguments)
    try:
        if arguments.action == "remove":
            was_there = crontab.remove()
            sentence = "The timers are removed." if was_there else "There were no timers."
            told.tell(Ended("done", 0, sentence))
            return 0
        if archive.current() is None:
            raise NotReady("Nothing was deployed here yet.", hint="Run: menuvo deploy")
        changed = crontab.install()
        sentence = "The timers are installed." if changed else "The timers were installed already."
        values = examine(Deployment(archive.deployment)).values
        hint = "" if text(values, "BACKUP_VERIFY") == "true" else _COUNT_THEM
        told.tell(Ended("done", 0, sentence, hint))
        return 0
    finally:
        told.close()


def _run(arguments: Arguments, archive: Archive) -> int:
    """Silent: cron would send a mail with every word."""
    running = bundle.running_file()
    if running is None:
        raise Usage("A timer runs out of a release's file.", hint="Run: ./menuvo timers run")
    job = find(arguments.which or "")
    last, news = run(job, archive, [sys.executable, str(running)])
    if news is not None:
        _, told = listening(arguments)
        tell_others(news, told, Stack(Deployment(archive.deployment)).deployment)
        told.close()
    return last.exit_code
