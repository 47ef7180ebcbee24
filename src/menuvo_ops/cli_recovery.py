"""The verbs for the day on which a server is lost: `recovery`, `rebuild`, `drill`, `timers`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from menuvo_ops.cli_places import (
    Directory,
    DryRun,
    Host,
    Identity,
    Json,
    KnownHosts,
    Patience,
    Yes,
    roll_out,
)
from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.errors import Usage
from menuvo_ops.local.paths import this_clone
from menuvo_ops.operations.rollouts import there
from menuvo_ops.operations.rollouts.given import Place, require_sense
from menuvo_ops.recovery import content
from menuvo_ops.recovery.verbs import KEEP_OFF, PRINTED, keep, require_place
from menuvo_ops.terminal import talk


def recovery(
    action: Annotated[str, typer.Argument(metavar="write|sheet")],
    file: Annotated[
        Path | None, typer.Argument(help="Else menuvo-recovery-DOMAIN.txt, with --host.")
    ] = None,
    *,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
) -> None:
    """Write the one file with which a lost server is rebuilt, or print it as a sheet for paper."""
    place = Place(host, identity, known_hosts, directory)
    if host is not None and action == "write":
        raise typer.Exit(_fetch(place, file))
    named = str(file.resolve()) if file is not None else None
    roll_out(Wish("recovery", action, which=named), place, Manner())


def _fetch(place: Place, file: Path | None) -> int:
    """It is written there and kept here alone."""
    wish = Wish("recovery", "write", which=PRINTED)
    require_sense(wish, place, None)
    if file is not None:
        require_place(file)
    code, printed = there.ask_for(this_clone().root, wish, place)
    if code != 0:
        return code
    domain = content.read(printed, name="What the server has sent").domain
    target = file or Path(f"menuvo-recovery-{domain}.txt")
    require_place(target)
    keep(printed, target)
    talk.print(escape(f"The recovery file is {target}. {KEEP_OFF}"))
    return 0


def rebuild(  # noqa: PLR0913, each is an option that people type
    recovery_file: Annotated[Path, typer.Argument(help="As menuvo recovery write made it.")],
    *,
    at: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="As it was then; else the last one in the archive."),
    ] = None,
    backup: Annotated[
        str | None, typer.Option(metavar="ID", help="A backup instead, by its name, or latest.")
    ] = None,
    version: Annotated[
        str | None, typer.Option(help="Another release than the file's, by its tag.")
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    patience: Patience = None,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Bring an empty server back from the bucket and one recovery file, and say what it took."""
    wish = Wish(
        "rebuild",
        version=version,
        patience_seconds=patience,
        dry_run=dry_run,
        at=at,
        backup=backup,
    )
    if not recovery_file.is_file():
        raise Usage(
            f"There is no file {recovery_file}.", hint="It was made by: menuvo recovery write"
        )
    # Before anything is taken anywhere.
    content.read(recovery_file.read_text(errors="replace"), name=str(recovery_file))
    place = Place(host, identity, known_hosts, directory)
    roll_out(wish, place, Manner(as_json=json, yes=yes), env_from=recovery_file)


def drill(
    *,
    due: Annotated[
        bool, typer.Option("--due", help="Only a week after the last good one.")
    ] = False,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Bring the newest backup and five minutes ago back where nothing is touched, and judge it."""
    place = Place(host, identity, known_hosts, directory)
    roll_out(Wish("drill", due=due), place, Manner(as_json=json))


def timers(
    action: Annotated[str, typer.Argument(metavar="install|remove|show")],
    *,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Let the server's cron restore each backup for trial, and drill once a week."""
    place = Place(host, identity, known_hosts, directory)
    roll_out(Wish("timers", action), place, Manner(as_json=json))
