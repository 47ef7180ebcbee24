"""What can be asked of the command on a server."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from menuvo_ops.backups.asking import ACTIONS
from menuvo_ops.recovery import asking as recoveries
from menuvo_ops.timers import asking as timers

# The library has no public name for it.
_Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


class Arguments(argparse.Namespace):
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
    which: str | None = None
    no_verify: bool = False
    due: bool = False
    at: str | None = None
    undo: bool = False
    forget: bool = False
    finish: bool = False
    lists: bool = False
    recovery_file: str = ""
    from_backup: str | None = None
    watch: bool = False
    services: list[str]
    since: str
    grep: str
    level: str
    lines: int | None
    follow: bool


def read(given: Sequence[str]) -> Arguments:
    return _parser().parse_args(given, namespace=Arguments())


def _parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="menuvo", description="Runs releases of Menuvo.")
    verbs = whole.add_subparsers(dest="verb", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--directory", type=Path, default=Path.cwd(), help="of the deployment")
    common.add_argument("--json", action="store_true", help="for programs, one object a line")
    common.add_argument("--lifeline", action="store_true", help=argparse.SUPPRESS)
    planned = argparse.ArgumentParser(add_help=False, parents=[common])
    planned.add_argument("--dry-run", action="store_true", help="show the plan, change nothing")
    planned.add_argument("--yes", action="store_true", help="do not ask")
    planned.add_argument(
        "--patience", type=float, default=90.0, metavar="SECONDS", help="until a start is healthy"
    )
    _add_releases(verbs, common, planned)
    _add_backups(verbs, common, planned)
    _add_environment(verbs, common, planned)
    _add_looks(verbs, common)
    return whole


def _add_releases(
    verbs: _Verbs, common: argparse.ArgumentParser, planned: argparse.ArgumentParser
) -> None:
    changing = argparse.ArgumentParser(add_help=False, parents=[planned])
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


def _add_backups(
    verbs: _Verbs, common: argparse.ArgumentParser, planned: argparse.ArgumentParser
) -> None:
    backup = verbs.add_parser("backup", parents=[common], help="make, prove and list backups")
    backup.add_argument("action", choices=ACTIONS)
    backup.add_argument("which", nargs="?", metavar="ID", help="of a backup; else the newest")
    backup.add_argument("--no-verify", action="store_true", help="do not restore it for trial")
    backup.add_argument("--due", action="store_true", help="verify the newest, if nobody has")
    restore = verbs.add_parser("restore", parents=[planned], help="bring a backup back")
    restore.add_argument("which", nargs="?", metavar="ID", help="of a backup; else the newest")
    restore.add_argument("--at", metavar="MOMENT", help='"2026-11-23 18:05", or latest')
    restore.add_argument("--undo", action="store_true", help="take the last restore back")
    restore.add_argument("--forget", action="store_true", help="drop what restores kept")
    rebuild = verbs.add_parser("rebuild", parents=[planned], help="make an empty server serve")
    rebuild.add_argument("recovery_file", metavar="RECOVERY_FILE")
    rebuild.add_argument("--at", metavar="MOMENT", help="else the last one in the archive")
    rebuild.add_argument("--backup", dest="from_backup", metavar="ID", help="of a backup, instead")
    rebuild.add_argument("--version", help="another release than the file's, by its tag")
    recovery = verbs.add_parser("recovery", parents=[common], help="write what a rebuild needs")
    recovery.add_argument("action", choices=recoveries.ACTIONS)
    recovery.add_argument("which", nargs="?", metavar="FILE", help="off this server; - prints it")
    drill = verbs.add_parser("drill", parents=[common], help="try out what a restore would bring")
    drill.add_argument("--due", action="store_true", help="only a week after the last good one")
    timer = verbs.add_parser("timers", parents=[common], help="let backups be tried out by cron")
    timer.add_argument("action", choices=timers.ACTIONS)
    timer.add_argument("which", nargs="?", metavar="NAME", help="of the timer that is run")


def _add_environment(
    verbs: _Verbs, common: argparse.ArgumentParser, planned: argparse.ArgumentParser
) -> None:
    env = verbs.add_parser("env", help="make, check, compare and change the environment")
    actions = env.add_subparsers(dest="action", required=True)
    init = actions.add_parser("init", parents=[common], help="make it, or add what is missing")
    init.add_argument("--domain", help="of the shop")
    init.add_argument("--from", dest="brought", type=Path, metavar="FILE", help="an older .env")
    actions.add_parser("check", parents=[common], help="name every mistake")
    actions.add_parser("diff", parents=[common], help="what a deploy would change")
    rotate = actions.add_parser("rotate", parents=[planned], help="change a secret")
    rotate.add_argument("which", nargs="?", metavar="NAME", help="of the secret")
    rotate.add_argument("--list", dest="lists", action="store_true", help="what can be rotated")
    rotate.add_argument("--finish", action="store_true", help="forget the AUTH_SECRET of before")
    rotate.add_argument("--maintenance", action="store_true", help="allow seconds of silence")
    rotate.add_argument(
        "--soak", type=float, default=25.0, metavar="SECONDS", help="compare new and old so long"
    )
    rotate.add_argument(
        "--env-from", type=Path, metavar="FILE", help="holds the new value, where you bring it"
    )


def _add_looks(verbs: _Verbs, common: argparse.ArgumentParser) -> None:
    verbs.add_parser("doctor", parents=[common], help="say what is wrong, and what mends it")
    status = verbs.add_parser("status", parents=[common], help="show how everything is")
    status.add_argument("--watch", action="store_true", help="again every few seconds")
    verbs.add_parser("monitoring", parents=[common], help="mend what Beszel watches and tells")
    logs = verbs.add_parser("logs", parents=[common], help="show what services said")
    logs.add_argument("services", nargs="*", metavar="SERVICE", help="all when left out")
    logs.add_argument("--since", default="", metavar="SPAN", help="for example 10m, 2h, 1d")
    logs.add_argument("--grep", default="", metavar="TEXT", help="only lines with this in them")
    logs.add_argument("--level", default="", help="and above: debug, info, warning, error")
    logs.add_argument("-n", "--lines", type=int, metavar="N", help="the last ones of each service")
    logs.add_argument("-f", "--follow", action="store_true", help="and what comes")
    verbs.add_parser("version", parents=[common], help="print which release this file is")
