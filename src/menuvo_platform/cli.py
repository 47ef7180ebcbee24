"""`menuvo-platform`: what a container of the platform image runs."""

import argparse
import asyncio
import logging
import os
import re
import sys
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import NoReturn

from menuvo_platform.errors import MenuvoError, SettingsError
from menuvo_platform.settings import Settings, read_settings


def run() -> NoReturn:
    """Leaves without the clean-up of the interpreter: a thread of the object store that lets go of
    an object meanwhile finds it gone and aborts the process, whose work was done and well."""
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    parsed = _parser().parse_args(arguments, namespace=Arguments())
    if parsed.command in _IN_THE_CONTAINER:
        return _IN_THE_CONTAINER[parsed.command](parsed)
    try:
        settings = read_settings(os.environ)
        return _COMMANDS[parsed.command](settings, parsed)
    except SettingsError as error:
        print("The environment is not complete:", *error.problems, sep="\n  ", file=sys.stderr)  # noqa: T201
    except MenuvoError as error:
        print(error, file=sys.stderr)  # noqa: T201
    return 1


class Arguments(argparse.Namespace):
    command: str = ""
    host: str = ""
    port: int = 0
    queue: str = ""
    metrics_port: int | None = None
    process: str = ""
    running: str | None = None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="menuvo-platform", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="answer requests until SIGTERM, and drain")
    _ = serve.add_argument("--host", default="127.0.0.1")
    _ = serve.add_argument("--port", type=int, default=3000)
    worker = commands.add_parser("worker", help="do the jobs of one queue until SIGTERM")
    _ = worker.add_argument("queue", choices=["images", "imports"])
    _ = worker.add_argument(
        "--metrics-port", type=int, help="where Prometheus may ask it; nowhere when left out"
    )
    healthy = commands.add_parser("healthy", help="exit with 0 when the process here does its work")
    _ = healthy.add_argument("process", choices=["instance", "worker"])
    _ = healthy.add_argument("--port", type=int, default=3000, help="where the instance listens")
    metrics = commands.add_parser("metrics", help="print the figures of the instance here")
    _ = metrics.add_argument("--port", type=int, default=3000, help="where the instance listens")
    migrate = commands.add_parser("migrate", help="bring the database to this release's schema")
    _ = migrate.add_argument(
        "--running",
        type=_revision,
        metavar="HEAD",
        help="schema head of the release that serves meanwhile; a step it could not live with is"
        " refused",
    )
    _ = commands.add_parser(
        "schema", help="print as JSON which schemas this release runs on; needs no settings"
    )
    _ = commands.add_parser("seed", help="make the demo restaurant; a second time changes nothing")
    _ = commands.add_parser(
        "check", help="look whether settings, database, Redis and storage are right"
    )
    _ = commands.add_parser(
        "missing", help="count as JSON what rows name and storage does not have; as the owner"
    )
    return parser


def _revision(value: str) -> str:
    if not re.fullmatch(r"\d{4}", value):
        raise argparse.ArgumentTypeError(f"'{value}' is not a revision such as 0001")
    return value


def _serve(settings: Settings, arguments: Arguments) -> int:
    from menuvo_platform.web.memory import tame_allocator

    tame_allocator()
    from menuvo_platform.app import Application
    from menuvo_platform.web.logs import configure_logs
    from menuvo_platform.web.platform import create_platform
    from menuvo_platform.web.server import serve

    configure_logs(settings)
    platform = create_platform(settings)
    serve(
        Application(platform),
        platform.drain,
        settings.drain_seconds,
        host=arguments.host,
        port=arguments.port,
    )
    return 0


def _worker(settings: Settings, arguments: Arguments) -> int:
    from menuvo_platform.web.logs import configure_logs
    from menuvo_platform.workers import run_worker

    configure_logs(settings)
    asyncio.run(run_worker(settings, arguments.queue, arguments.metrics_port))
    return 0


def _healthy(arguments: Arguments) -> int:
    from menuvo_platform.healthy import instance_trouble, worker_trouble

    is_instance = arguments.process == "instance"
    trouble = instance_trouble(arguments.port) if is_instance else worker_trouble()
    verdict = f"not healthy: {trouble}" if trouble else "healthy"
    _say(f"The {arguments.process} is {verdict}.")
    return 1 if trouble else 0


def _metrics(arguments: Arguments) -> int:
    from menuvo_platform.asking import NoAnswer, ask

    try:
        answer = ask(arguments.port, "/internal/metrics")
    except NoAnswer as error:
        print(f"The instance tells no figures: {error}.", file=sys.stderr)  # noqa: T201
        return 1
    if answer.status != HTTPStatus.OK:
        print(f"The instance tells no figures: it says {answer.status}.", file=sys.stderr)  # noqa: T201
        return 1
    print(answer.text, end="")  # noqa: T201
    return 0


def _schema(_: Arguments) -> int:
    from menuvo_platform.db.schema import describe_schema

    _say(describe_schema())
    return 0


def _migrate(settings: Settings, arguments: Arguments) -> int:
    from menuvo_platform.db.migrate import migrate
    from menuvo_platform.interruption import run_until_stopped

    if not settings.app_db_password:
        raise SettingsError(
            ["APP_DB_PASSWORD is missing: migrate gives it to the login of the platform."]
        )
    work = migrate(
        settings.database_url,
        settings.app_db_password,
        _say,
        app_user=settings.app_db_user,
        running=arguments.running,
    )
    asyncio.run(run_until_stopped(work))
    return 0


def _seed(settings: Settings, _: Arguments) -> int:
    from menuvo_platform.demo.seed import seed

    print(asyncio.run(seed(settings)))  # noqa: T201
    return 0


def _check(settings: Settings, _: Arguments) -> int:
    from menuvo_platform.check import check

    problems = asyncio.run(check(settings))
    for problem in problems:
        print(problem, file=sys.stderr)  # noqa: T201
    if not problems:
        _say("settings, database, Redis and storage are right")
    return 1 if problems else 0


def _missing(settings: Settings, _: Arguments) -> int:
    import msgspec

    from menuvo_platform.missing import find_missing

    _say(msgspec.json.encode(asyncio.run(find_missing(settings))).decode())
    return 0


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201


# These need no settings, and load nothing of the application.
_IN_THE_CONTAINER: dict[str, Callable[[Arguments], int]] = {
    "healthy": _healthy,
    "metrics": _metrics,
    "schema": _schema,
}
_COMMANDS: dict[str, Callable[[Settings, Arguments], int]] = {
    "serve": _serve,
    "worker": _worker,
    "migrate": _migrate,
    "seed": _seed,
    "check": _check,
    "missing": _missing,
}
