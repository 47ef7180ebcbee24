"""The verbs that change what serves, and those that tell of it."""

import json
import os
import sys
from pathlib import Path

from menuvo_ops.environment import Deployment
from menuvo_ops.environment.dotenv import parse as parse_environment
from menuvo_ops.errors import Usage
from menuvo_ops.rollout import status as statuses
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.fetching import program_of
from menuvo_ops.rollout.listing import as_facts, as_table
from menuvo_ops.rollout.scene import Options
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.telling import Noted
from menuvo_ops.server.arguments import Arguments
from menuvo_ops.server.reminders import reminders
from menuvo_ops.server.session import end, listening, say, server_of
from menuvo_ops.shipping import bundle


def deploy(arguments: Arguments, given: list[str]) -> int:
    stack = Stack(Deployment(arguments.directory.resolve()))
    if arguments.action == "status":
        return _status(arguments, stack)
    stack.require_engine()
    interruption, told = listening(arguments)
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
        ended = server_of(arguments, told, interruption).deploy(
            running,
            options,
            given=_given_values(arguments.env_from),
            dry_run=arguments.dry_run,
        )
        if ended.exit_code == 0 and not arguments.dry_run:
            for reminder in reminders(stack):
                told.tell(Noted(reminder))
        return end(ended, told, stack, is_dry=arguments.dry_run)
    finally:
        told.close()


def rollback(arguments: Arguments, _given: list[str]) -> int:
    stack = Stack(Deployment(arguments.directory.resolve()))
    stack.require_engine()
    interruption, told = listening(arguments)
    try:
        options = Options(patience_seconds=arguments.patience, maintenance=arguments.maintenance)
        at_work = server_of(arguments, told, interruption)
        ended = at_work.roll_back(arguments.release, options, dry_run=arguments.dry_run)
        return end(ended, told, stack, is_dry=arguments.dry_run)
    finally:
        told.close()


def releases(arguments: Arguments, _given: list[str]) -> int:
    archive = Archive(arguments.directory.resolve())
    if arguments.action == "adopt":
        running = bundle.running_file()
        if running is None:
            raise Usage("Adopting runs out of a release's file.")
        interruption, told = listening(arguments)
        try:
            release = server_of(arguments, told, interruption).adopt(running)
            told.tell(Noted(f"What runs is release {release.name} from now on."))
        finally:
            told.close()
        return 0
    facts = as_facts(archive)
    say(json.dumps(facts) if arguments.json else as_table(archive))
    return 0


def _status(arguments: Arguments, stack: Stack) -> int:
    found = statuses.status(stack, Archive(stack.directory))
    reminded = reminders(stack)
    facts = json.dumps({**statuses.as_facts(found), "reminders": reminded})
    say(facts if arguments.json else "\n".join([statuses.as_text(found), *reminded]))
    return 0


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
