"""The command `menuvo` on a server, out of a release file: the standard library alone."""

import sys
from collections.abc import Sequence

from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.production import CHECKS_OF_PRODUCTION
from menuvo_ops.doctor.verb import doctor
from menuvo_ops.environment import Deployment
from menuvo_ops.errors import LockHeld, OpsError, Refused, Usage
from menuvo_ops.rollout.reporters import reporter
from menuvo_ops.rollout.telling import Ended
from menuvo_ops.server.arguments import Arguments, read
from menuvo_ops.server.backups import backup
from menuvo_ops.server.drills import drill
from menuvo_ops.server.environments import environment
from menuvo_ops.server.logs import logs
from menuvo_ops.server.monitoring import monitoring
from menuvo_ops.server.rebuilds import rebuild
from menuvo_ops.server.recoveries import recovery
from menuvo_ops.server.restores import restore
from menuvo_ops.server.rollouts import deploy, releases, rollback
from menuvo_ops.server.session import say, tell_others
from menuvo_ops.server.statuses import status
from menuvo_ops.server.timers import timers
from menuvo_ops.shipping import bundle


def main(argv: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if argv is None else argv)
    arguments = read(given)
    try:
        if not arguments.directory.is_dir() and arguments.verb not in _MAKES_ITS_FOLDER:
            raise Usage(
                f"There is no folder {arguments.directory}.", hint="Name it with --directory."
            )
        return _VERBS[arguments.verb](arguments, given)
    except OpsError as error:
        return _complain(error, arguments)
    except OSError as error:
        return _complain(Refused.by_system(error), arguments)


def _doctor(arguments: Arguments, _given: list[str]) -> int:
    ground = Deployed(arguments.directory.resolve())
    return doctor(ground, CHECKS_OF_PRODUCTION, say, as_json=arguments.json)


def _version(_arguments: Arguments, _given: list[str]) -> int:
    running = bundle.running_file()
    say(bundle.read(running).version if running else "unknown")
    return 0


def _complain(error: OpsError, arguments: Arguments) -> int:
    told = reporter(as_json=arguments.json, lost=lambda: None)
    ended = Ended("refused", error.exit_code, error.message, error.hint)
    told.tell(ended)
    if _concerns_others(error, arguments):
        tell_others(ended, told, Deployment(arguments.directory.resolve()))
    told.close()
    return error.exit_code


def _concerns_others(error: OpsError, arguments: Arguments) -> bool:
    """A release that does not get in is news; a slip of whoever types here is not, and whoever
    holds the lock tells of its own work."""
    changes = (
        arguments.verb in {"rollback", "restore"}
        or (arguments.verb == "deploy" and arguments.action != "status")
        or (arguments.verb == "env" and arguments.action == "rotate")
    )
    return changes and not arguments.dry_run and not isinstance(error, (Usage, LockHeld))


_MAKES_ITS_FOLDER = {"rebuild"}
_VERBS = {
    "deploy": deploy,
    "rollback": rollback,
    "releases": releases,
    "backup": backup,
    "restore": restore,
    "doctor": _doctor,
    "status": status,
    "logs": logs,
    "rebuild": rebuild,
    "drill": drill,
    "timers": timers,
    "monitoring": monitoring,
    "recovery": recovery,
    "env": environment,
    "version": _version,
}
