"""The verbs of a deployment: `menuvo deploy`, `rollback`, `releases`, `backup`, `restore`, and
`status`, which also knows what this clone runs."""

from pathlib import Path
from typing import Annotated

import typer

from menuvo_ops.cli_places import (
    Directory,
    DryRun,
    Host,
    Identity,
    Json,
    KnownHosts,
    Maintenance,
    Patience,
    Soak,
    Yes,
    look_after,
    means_a_deployment,
    roll_out,
)
from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.local.paths import this_clone
from menuvo_ops.operations import status as status_operation
from menuvo_ops.operations.engines import running_engine
from menuvo_ops.operations.rollouts.given import Place, require_sense


def deploy(  # noqa: PLR0913, each is an option that people type
    status: Annotated[
        str | None, typer.Argument(metavar="[status]", help="Show what is true now.")
    ] = None,
    *,
    version: Annotated[
        str | None, typer.Option(help="The tag of its image; else this checkout's commit.")
    ] = None,
    env_from: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Values that replace those of .env.")
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    soak: Soak = None,
    patience: Patience = None,
    maintenance: Maintenance = False,
    repair: Annotated[bool, typer.Option("--repair", help="Over what is not healthy.")] = False,
    accept_stale_backup: Annotated[
        bool, typer.Option("--accept-stale-backup", help="Without a backup of the last 26 hours.")
    ] = False,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Take a release into service; no request fails meanwhile."""
    wish = Wish(
        "deploy",
        status,
        version=version,
        soak_seconds=soak,
        patience_seconds=patience,
        dry_run=dry_run,
        repair=repair,
        maintenance=maintenance,
        accept_stale_backup=accept_stale_backup,
    )
    place = Place(host, identity, known_hosts, directory)
    roll_out(wish, place, Manner(as_json=json, yes=yes), env_from=env_from)


def rollback(  # noqa: PLR0913, each is an option that people type
    release: Annotated[
        str | None, typer.Argument(help="Its number or version; else the one before.")
    ] = None,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
    patience: Patience = None,
    maintenance: Maintenance = False,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Bring a release of before back, with its files and its environment."""
    wish = Wish(
        "rollback",
        release,
        patience_seconds=patience,
        dry_run=dry_run,
        maintenance=maintenance,
    )
    place = Place(host, identity, known_hosts, directory)
    roll_out(wish, place, Manner(as_json=json, yes=yes))


def releases(
    adopt: Annotated[
        str | None,
        typer.Argument(metavar="[adopt]", help="Take over what runs, whoever started it."),
    ] = None,
    *,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """List what was deployed."""
    place = Place(host, identity, known_hosts, directory)
    roll_out(Wish("releases", adopt), place, Manner(as_json=json))


def backup(  # noqa: PLR0913, each is an option that people type
    action: Annotated[str, typer.Argument(metavar="now|list|show|verify|window")],
    which: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Of a backup; else the newest.")
    ] = None,
    *,
    no_verify: Annotated[
        bool, typer.Option("--no-verify", help="Do not restore it for trial.")
    ] = False,
    due: Annotated[bool, typer.Option("--due", help="The newest, if nobody has.")] = False,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Make a backup and restore it for trial, or see which there are."""
    wish = Wish("backup", action, which=which, no_verify=no_verify, due=due)
    look_after(wish, Place(host, identity, known_hosts, directory), Manner(as_json=json))


def restore(  # noqa: PLR0913, each is an option that people type
    which: Annotated[
        str | None, typer.Argument(metavar="[ID|latest]", help="Of a backup; else the newest.")
    ] = None,
    *,
    at: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help='As it was then: "2026-11-23 18:05", or latest.'),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last restore back.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Drop what restores kept.")] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    patience: Patience = None,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Put a backup in the place of the database that serves, which is kept beside it."""
    wish = Wish(
        "restore",
        which=which,
        patience_seconds=patience,
        dry_run=dry_run,
        at=at,
        undo=undo,
        forget=forget,
    )
    place = Place(host, identity, known_hosts, directory)
    look_after(wish, place, Manner(as_json=json, yes=yes))


def doctor(
    *,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Say what is wrong and which command mends it; exit code 3 when something is."""
    place = Place(host, identity, known_hosts, directory)
    clone = this_clone()
    if means_a_deployment(place, clone):
        roll_out(Wish("doctor"), place, Manner(as_json=json))
    raise typer.Exit(running_engine(clone).doctor(as_json=json))


def monitoring(
    *,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Have Beszel raise its alarms and tell the channels of .env; again changes nothing."""
    place = Place(host, identity, known_hosts, directory)
    roll_out(Wish("monitoring"), place, Manner(as_json=json))


def status(
    *,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Again every few seconds, until Ctrl-C.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show how everything is, on one screen; exit code 0 also when nothing runs."""
    wish, place = Wish("status", watch=watch), Place(host, identity, known_hosts, directory)
    clone = this_clone()
    if means_a_deployment(place, clone):
        roll_out(wish, place, Manner(as_json=json))
    require_sense(wish, place, None)
    status_operation.status(running_engine(clone), as_json=json, watches=watch)
