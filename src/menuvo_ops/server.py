"""The command `menuvo` on a server, out of a release file: the standard library alone."""

import argparse
import json
import os
import select
import sys
from collections.abc import Sequence
from pathlib import Path

from menuvo_ops.environment import Deployment, examine, plain
from menuvo_ops.environment.dotenv import parse as parse_environment
from menuvo_ops.errors import LockHeld, OpsError, Refused, Usage
from menuvo_ops.rollout import status as statuses
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.fetching import program_of
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.listing import as_facts, as_table
from menuvo_ops.rollout.notifying import notify
from menuvo_ops.rollout.reporters import Reporter, reporter
from menuvo_ops.rollout.scene import Options
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.telling import Ended, Noted
from menuvo_ops.rollout.verbs import Server
from menuvo_ops.shipping import bundle

_LOOK_EVERY = 0.2


class _Arguments(argparse.Namespace):
    verb: str
    action: str | None
    release: str | None
    version: str | None
    directory: Path
    soak: float
    patience: float
    env_from: Path | None
    domain: str | None
    brought: Path | None
    json: bool
    repair: bool
    maintenance: bool
    accept_stale_backup: bool
    fetched: bool
    # Not every verb has these options.
    dry_run: bool = False
    yes: bool = False
    lifeline: bool = False


def main(argv: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if argv is None else argv)
    arguments = _parser().parse_args(given, namespace=_Arguments())
    try:
        if not arguments.directory.is_dir():
            raise Usage(
                f"There is no folder {arguments.directory}.", hint="Name it with --directory."
            )
        return _VERBS[arguments.verb](arguments, given)
    except OpsError as error:
        return _complain(error, arguments)
    except OSError as error:
        return _complain(Refused.by_system(error), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="menuvo", description="Runs releases of Menuvo.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--directory", type=Path, default=Path.cwd(), help="of the deployment")
    common.add_argument("--json", action="store_true", help="for programs, one object a line")
    common.add_argument("--lifeline", action="store_true", help=argparse.SUPPRESS)
    changing = argparse.ArgumentParser(add_help=False, parents=[common])
    changing.add_argument("--dry-run", action="store_true", help="show the plan, change nothing")
    changing.add_argument("--yes", action="store_true", help="do not ask")
    changing.add_argument(
        "--patience", type=float, default=90.0, metavar="SECONDS", help="until a start is healthy"
    )
    changing.add_argument("--maintenance", action="store_true", help="allow seconds of silence")
    deploy = verbs.add_parser("deploy", parents=[changing], help="take a release into service")
    deploy.add_argument("action", nargs="?", choices=["status"], help="show what is true now")
    deploy.add_argument("--version", help="the release, by the tag of its image")
    deploy.add_argument(
        "--soak", type=float, default=25.0, metavar="SECONDS", help="compare new and old so long"
    )
    deploy.add_argument("--repair", action="store_true", help="over what is not healthy")
    deploy.add_argument("--accept-stale-backup", action="store_true")
    deploy.add_argument(
        "--env-from", type=Path, metavar="FILE", help="values that replace those of .env"
    )
    deploy.add_argument("--fetched", action="store_true", help=argparse.SUPPRESS)
    rollback = verbs.add_parser("rollback", parents=[changing], help="bring a release back")
    rollback.add_argument("release", nargs="?", help="its number or version; else the one before")
    releases = verbs.add_parser("releases", parents=[common], help="list what was deployed")
    releases.add_argument("action", nargs="?", choices=["adopt"], help="take over what runs")
    env = verbs.add_parser("env", parents=[common], help="make or check the environment")
    env.add_argument("action", choices=["init", "check"])
    env.add_argument("--domain", help="of the shop")
    env.add_argument("--from", dest="brought", type=Path, metavar="FILE", help="an older .env")
    verbs.add_parser("version", parents=[common], help="print which release this file is")
    return parser


def _deploy(arguments: _Arguments, given: list[str]) -> int:
    stack = Stack(Deployment(arguments.directory.resolve()))
    if arguments.action == "status":
        return _status(arguments, stack)
    stack.require_engine()
    interruption, told = _listening(arguments)
    archive = Archive(stack.directory)
    running = bundle.running_file()
    try:
        if not arguments.fetched:
            version = arguments.version or _own_version(running)
            program = program_of(stack, archive, version, tell=told.tell, interruption=interruption)
            interruption.check()
            told.close()
            _become(program, given)
        if running is None:
            raise Usage("A deploy runs out of a release's file.", hint="Run: menuvo deploy")
        options = Options(
            soak_seconds=arguments.soak,
            patience_seconds=arguments.patience,
            maintenance=arguments.maintenance,
            repair=arguments.repair,
            accept_stale_backup=arguments.accept_stale_backup,
        )
        ended = _server(arguments, told, interruption).deploy(
            running,
            options,
            given=_given_values(arguments.env_from),
            dry_run=arguments.dry_run,
        )
        return _end(ended, told, stack, is_dry=arguments.dry_run)
    finally:
        told.close()


def _rollback(arguments: _Arguments, _given: list[str]) -> int:
    stack = Stack(Deployment(arguments.directory.resolve()))
    stack.require_engine()
    interruption, told = _listening(arguments)
    try:
        options = Options(patience_seconds=arguments.patience, maintenance=arguments.maintenance)
        server = _server(arguments, told, interruption)
        ended = server.roll_back(arguments.release, options, dry_run=arguments.dry_run)
        return _end(ended, told, stack, is_dry=arguments.dry_run)
    finally:
        told.close()


def _releases(arguments: _Arguments, _given: list[str]) -> int:
    archive = Archive(arguments.directory.resolve())
    if arguments.action == "adopt":
        running = bundle.running_file()
        if running is None:
            raise Usage("Adopting runs out of a release's file.")
        interruption, told = _listening(arguments)
        try:
            release = _server(arguments, told, interruption).adopt(running)
            told.tell(Noted(f"What runs is release {release.name} from now on."))
        finally:
            told.close()
        return 0
    facts = as_facts(archive)
    _print(json.dumps(facts) if arguments.json else as_table(archive))
    return 0


def _status(arguments: _Arguments, stack: Stack) -> int:
    found = statuses.status(stack, Archive(stack.directory))
    facts = json.dumps(statuses.as_facts(found))
    _print(facts if arguments.json else statuses.as_text(found))
    return 0


def _environment(arguments: _Arguments, _given: list[str]) -> int:
    deployment = Deployment(arguments.directory.resolve())
    if arguments.action == "init":
        found = plain.init(deployment, domain=arguments.domain, from_file=arguments.brought)
    else:
        found = plain.check(deployment)
    _print(json.dumps(found) if arguments.json else "\n".join(found or ["It is complete."]))
    return 1 if any(line.startswith("error") for line in found) else 0


def _version(_arguments: _Arguments, _given: list[str]) -> int:
    running = bundle.running_file()
    _print(bundle.read(running).version if running else "unknown")
    return 0


def _listening(arguments: _Arguments) -> tuple[Interruption, Reporter]:
    interruption = Interruption()
    interruption.listen(lifeline=arguments.lifeline)
    lost = "the end of whoever read along"
    return interruption, reporter(as_json=arguments.json, lost=lambda: interruption.report(lost))


def _server(arguments: _Arguments, told: Reporter, interruption: Interruption) -> Server:
    def agrees() -> bool:
        if arguments.yes or arguments.dry_run:
            return True
        if not sys.stdin.isatty():
            raise Usage("Nobody is there to ask.", hint="Add --yes, or look first: --dry-run")
        sys.stderr.write("Go on? [y/N] ")
        sys.stderr.flush()
        while not select.select([sys.stdin], [], [], _LOOK_EVERY)[0]:
            interruption.check()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    return Server(arguments.directory.resolve(), told.tell, interruption, agrees)


def _own_version(running: Path | None) -> str:
    if running is None:
        raise Usage("Which version?", hint="menuvo deploy --version SHA")
    return bundle.read(running).version


def _given_values(file: Path | None) -> dict[str, str]:
    if file is None:
        return {}
    document = parse_environment(file.read_text())
    if document.mistakes:
        raise Usage(f"{file} cannot be read: {document.mistakes[0]}.")
    return {one.name: one.value.reveal() for one in document.assignments if one.value}


def _become(program: Path, given: list[str]) -> None:
    """The version that is wanted brings its own tool; the process stays the same one."""
    os.execv(sys.executable, [sys.executable, str(program), *given, "--fetched"])  # noqa: S606


def _end(ended: Ended, told: Reporter, stack: Stack, *, is_dry: bool) -> int:
    told.tell(ended)
    if ended.seconds and not is_dry:
        _notify(ended, told, stack.deployment)
    return ended.exit_code


def _complain(error: OpsError, arguments: _Arguments) -> int:
    told = reporter(as_json=arguments.json, lost=lambda: None)
    ended = Ended("refused", error.exit_code, error.message, error.hint)
    told.tell(ended)
    if _concerns_others(error, arguments):
        _notify(ended, told, Deployment(arguments.directory.resolve()))
    told.close()
    return error.exit_code


def _concerns_others(error: OpsError, arguments: _Arguments) -> bool:
    """A release that does not get in is news; a slip of whoever types here is not, and whoever
    holds the lock tells of its own work."""
    changes = arguments.verb == "rollback" or (
        arguments.verb == "deploy" and arguments.action != "status"
    )
    return changes and not arguments.dry_run and not isinstance(error, (Usage, LockHeld))


def _notify(ended: Ended, told: Reporter, deployment: Deployment) -> None:
    try:
        values = examine(deployment).values
    except OpsError:
        # An environment that cannot be read names no channel; what it hides was told here.
        return
    for complaint in notify(values, ended):
        told.tell(Noted(complaint, is_warning=True))


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


_VERBS = {
    "deploy": _deploy,
    "rollback": _rollback,
    "releases": _releases,
    "env": _environment,
    "version": _version,
}
