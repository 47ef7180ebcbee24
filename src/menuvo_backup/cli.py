"""`menuvo-backup`: what the container of the backups runs, and what is asked of it by hand."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, cast

import msgspec

from menuvo_backup.catalog import Catalog
from menuvo_backup.drills import Outcome, remember_drill
from menuvo_backup.errors import BackupError, Refused
from menuvo_backup.records import Record, Source
from menuvo_backup.sealing import check_keys
from menuvo_backup.settings import Settings, read_settings, read_watch
from menuvo_backup.writing import is_full

# As a shell names the end by SIGTERM.
INTERRUPTED = 143


class Arguments(argparse.Namespace):
    command: str = ""
    metrics_port: int | None = None
    json: bool = False
    id: str | None = None
    source: Source | None = None
    restore: bool = False
    at: str | None = None
    latest: bool = False
    into: Path = Path()
    trial: bool = False
    timeline: int | None = None
    system: str | None = None
    amcheck: bool = True
    outcome: Outcome = "failed"


def run() -> NoReturn:
    """The threads of the bucket's library may still hold objects of Python, and abort the process
    when Python is torn down under them: an exit code that would not be the truth."""
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    parsed = _parser().parse_args(arguments, namespace=Arguments())
    try:
        return _COMMANDS[parsed.command](parsed)
    except Refused as error:
        _complain(str(error))
        return error.exit_code
    except BackupError as error:
        # It was logged where it happened, in one line.
        return error.exit_code
    except OSError as error:
        _complain(f"The system refused: {error}. {_advice(error)}")
        return 1


def _advice(error: OSError) -> str:
    if is_full(error):
        return "Make room on the disk of BACKUP_DIR."
    return "Does the folder of BACKUP_DIR belong to us?"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="menuvo-backup", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser(
        "serve", help="make a backup whenever BACKUP_CRON says, until SIGTERM"
    )
    _ = serve.add_argument(
        "--metrics-port", type=int, help="where Prometheus may ask it; nowhere when left out"
    )
    _ = commands.add_parser("now", help="make one backup")
    _ = commands.add_parser("upload", help="send the newest backup that lies only here")
    verifying = commands.add_parser("verify", help="restore one for trial; needs 512 MiB")
    _ = verifying.add_argument("id", nargs="?", help="the newest one, where none is named")
    _from(verifying)
    restoring = commands.add_parser("restore", help="put one in the live database's place")
    _ = restoring.add_argument("id", help="which one, or `latest`")
    _from(restoring)
    _ = commands.add_parser("check", help="write something small to the bucket, and read it back")
    _ = commands.add_parser("recall", help="learn from the bucket what it has")
    _ = commands.add_parser("undo-restore", help="take the last restore back")
    _ = commands.add_parser("forget-restore", help="drop the databases that restores kept")
    objects = commands.add_parser("objects", help="which pictures and files of a backup are gone")
    _ = objects.add_argument("id", nargs="?", help="the newest one, where none is named")
    _ = objects.add_argument("--restore", action="store_true", help="bring them back from the copy")
    _ = commands.add_parser("archive", help="stream the log into the bucket, until SIGTERM")
    _ = commands.add_parser("base", help="make one base backup")
    _ = commands.add_parser("claim", help="archive where another server did that is gone")
    window = commands.add_parser("window", help="from when to when a moment can be recovered")
    _ = window.add_argument("--json", action="store_true", help="for programs")
    _to_a_moment(commands.add_parser("recover", help="make a cluster as it was at a moment"))
    drilled = commands.add_parser("drilled", help="hear how a drill went, for the monitor")
    _ = drilled.add_argument("outcome", choices=["good", "failed"])
    listing = commands.add_parser("list", help="what was made, and what failed; the newest first")
    _ = listing.add_argument("--json", action="store_true", help="for programs")
    _ = commands.add_parser("healthy", help="0 when backups are made, 1 and why when not")
    return parser


def _to_a_moment(recovering: argparse.ArgumentParser) -> None:
    when = recovering.add_mutually_exclusive_group(required=True)
    _ = when.add_argument("--at", help="the moment, in TIME_ZONE: '2026-11-23 18:05'")
    _ = when.add_argument("--latest", action="store_true", help="the last one in the bucket")
    where = recovering.add_mutually_exclusive_group(required=True)
    _ = where.add_argument("--into", type=Path, default=Path(), help="a folder that is new")
    _ = where.add_argument("--trial", action="store_true", help="and keep nothing of it")
    _ = recovering.add_argument("--timeline", type=int, help="of one timeline alone")
    _ = recovering.add_argument("--system", help="of one cluster alone, by its identifier")
    _ = recovering.add_argument(
        "--no-amcheck", dest="amcheck", action="store_false", help="do not look into every page"
    )


def _from(verb: argparse.ArgumentParser) -> None:
    _ = verb.add_argument(
        "--from",
        dest="source",
        choices=["here", "bucket"],
        help="where the dump is taken from",
    )


def _serve(arguments: Arguments) -> int:
    from menuvo_backup.companion import keeping
    from menuvo_backup.scheduler import serve, stopped_by_signals
    from menuvo_backup.wal.status import Memory, expect_archiver

    settings = read_settings(os.environ)
    asyncio.run(check_keys(settings.keys))
    if arguments.metrics_port is not None:
        from menuvo_backup.figures import tell_figures

        tell_figures(settings.watch, arguments.metrics_port)
    stopping = stopped_by_signals()
    if settings.archives:
        expect_archiver(Memory(settings.folder), datetime.now(UTC))
    archiver = [sys.executable, "-m", "menuvo_backup", "archive"]
    with keeping("archiver", archiver) if settings.archives else nullcontext():
        serve(settings, stopping)
    return 0


def _now(_: Arguments) -> int:
    from menuvo_backup.run import back_up

    return _until_done(back_up)


def _upload(_: Arguments) -> int:
    from menuvo_backup.run import upload

    return _until_done(upload)


def _verify(arguments: Arguments) -> int:
    from menuvo_backup.verify import verify

    return _until_done(
        lambda settings: verify(settings, arguments.id, source=arguments.source),
        asks_database=False,
    )


def _restore(arguments: Arguments) -> int:
    from menuvo_backup.restore import LATEST, restore

    which = arguments.id or LATEST
    return _until_done(lambda settings: restore(settings, which, source=arguments.source))


def _archive(_: Arguments) -> int:
    from menuvo_backup.wal.archiver import archive

    code = _until_done(archive)
    # It ends no other way than by being told to.
    return 0 if code == INTERRUPTED else code


def _base(_: Arguments) -> int:
    from menuvo_backup.wal.bases import back_up_base

    return _until_done(back_up_base)


def _claim(_: Arguments) -> int:
    from menuvo_backup.wal.claiming import claim

    return _until_done(claim)


def _window(arguments: Arguments) -> int:
    from menuvo_backup.wal.window import find_window

    settings = read_settings(os.environ, asks_database=False)
    window = asyncio.run(find_window(settings))
    _say(msgspec.json.encode(window).decode() if arguments.json else window.words)
    return 0


def _recover(arguments: Arguments) -> int:
    from menuvo_backup.wal.recover import Wanted, recover
    from menuvo_backup.wal.trial import try_recovery

    wanted = Wanted(
        at=arguments.at,
        into=arguments.into.absolute(),
        timeline=arguments.timeline,
        system=arguments.system,
        amcheck=arguments.amcheck,
    )
    work = try_recovery if arguments.trial else recover
    return _until_done(lambda settings: work(settings, wanted), asks_database=False)


def _check(_: Arguments) -> int:
    from menuvo_backup.check import check

    settings = read_settings(os.environ, asks_database=False)
    complaint = asyncio.run(check(settings.bucket))
    if complaint:
        _complain(complaint)
        return 1
    _say("The bucket keeps what is written there.")
    return 0


def _recall(_: Arguments) -> int:
    from menuvo_backup.recall import recall

    return _until_done(recall)


def _undo_restore(_: Arguments) -> int:
    from menuvo_backup.undo import undo_restore

    return _until_done(undo_restore)


def _forget_restore(_: Arguments) -> int:
    from menuvo_backup.undo import forget_restore

    return _until_done(forget_restore)


def _objects(arguments: Arguments) -> int:
    from menuvo_backup.objects.comparing import compare_objects

    return _until_done(
        lambda settings: compare_objects(settings, arguments.id, restores=arguments.restore),
        asks_database=False,
    )


def _until_done(
    work: Callable[[Settings], Coroutine[None, None, object]], *, asks_database: bool = True
) -> int:
    settings = read_settings(os.environ, asks_database=asks_database)

    async def run() -> None:
        await check_keys(settings.keys)
        task = asyncio.create_task(work(settings))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        _ = await task

    try:
        asyncio.run(run())
    except asyncio.CancelledError:
        return INTERRUPTED
    return 0


def _drilled(arguments: Arguments) -> int:
    remember_drill(read_watch(os.environ).folder, arguments.outcome, datetime.now(UTC))
    return 0


def _list(arguments: Arguments) -> int:
    catalog = Catalog(read_watch(os.environ).folder)
    records = catalog.list_records()
    if arguments.json:
        _say(msgspec.json.encode([_listed(catalog, record) for record in records]).decode())
        return 0
    for record in records:
        _say(_line(record))
    if not records:
        _say("No backup was made yet.")
    return 0


def _listed(catalog: Catalog, record: Record) -> dict[str, object]:
    """What the record remembers, and what the disk alone knows."""
    remembered = cast("dict[str, object]", msgspec.to_builtins(record))
    return {**remembered, "here": catalog.has_dump(record)}


def _line(record: Record) -> str:
    from menuvo_backup.writing import megabytes

    size = megabytes(record.dump.bytes) if record.dump else "-"
    where = "here and in the bucket" if record.uploaded else "only here" if record.dump else ""
    words = f"{record.id}  {record.outcome:<7}  {size:>12}  {record.seconds:>8.1f} s  {where}"
    doubt = record.doubt if record.doubt and not record.refuted else None
    told = (
        f"{record.cause} {record.hint}".strip(),
        f"verified {_minute(record.verified.at)}" if record.verified else "",
        f"not verified since {_minute(record.ended)}" if record.awaits_verification else "",
        f"{doubt.cause} {doubt.hint}".strip() if doubt else "",
    )
    return "  ".join([words.rstrip(), *(words for words in told if words)])


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "?"


def _healthy(_: Arguments) -> int:
    from menuvo_backup.health import find_complaints, find_waiting

    watch = read_watch(os.environ)
    complaints = find_complaints(watch, datetime.now(UTC))
    for complaint in complaints:
        _say(str(complaint))
    if not complaints:
        _say("Backups are made.")
    waiting = find_waiting(watch) if watch.verifies else None
    if waiting is not None:
        _say(f"Not verified yet: {waiting.id}, since {_minute(waiting.ended)}.")
    return 1 if complaints else 0


def _say(line: str) -> None:
    print(line)  # noqa: T201


def _complain(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201


_COMMANDS: dict[str, Callable[[Arguments], int]] = {
    "serve": _serve,
    "now": _now,
    "upload": _upload,
    "verify": _verify,
    "restore": _restore,
    "archive": _archive,
    "base": _base,
    "claim": _claim,
    "window": _window,
    "recover": _recover,
    "check": _check,
    "recall": _recall,
    "undo-restore": _undo_restore,
    "forget-restore": _forget_restore,
    "objects": _objects,
    "drilled": _drilled,
    "list": _list,
    "healthy": _healthy,
}
