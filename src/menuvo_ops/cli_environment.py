"""The verbs about the environment of a deployment: `menuvo env diff`, `github`, `rotate`."""

import tempfile
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
    roll_out,
)
from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.environment import locate
from menuvo_ops.environment.bringing import bring
from menuvo_ops.environment.dotenv import quoted
from menuvo_ops.environment.rotations import find_rotation
from menuvo_ops.environment.writing import write
from menuvo_ops.local.paths import this_clone
from menuvo_ops.operations import env_github
from menuvo_ops.operations.rollouts.given import Place
from menuvo_ops.shipping.github import Access


def diff(
    *,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Show what of .env is not deployed yet, and what a deploy would replace; 1 when something."""
    place = Place(host, identity, known_hosts, directory)
    roll_out(Wish("env", "diff"), place, Manner(as_json=json))


def github(  # noqa: PLR0913, each is an option that people type
    *,
    sets: Annotated[bool, typer.Option("--set", help="Set them, with gh.")] = False,
    repository: Annotated[
        str | None, typer.Option(metavar="OWNER/NAME", help="Else the one of this folder.")
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Print secrets too.")] = False,
    dry_run: DryRun = False,
    directory: Annotated[
        Path | None, typer.Option("--directory", help="The folder with the .env.")
    ] = None,
    host: Annotated[str | None, typer.Option("--host", help="Becomes DEPLOY_HOST.")] = None,
    identity: Annotated[
        Path | None, typer.Option("--identity", help="Becomes DEPLOY_SSH_KEY.")
    ] = None,
    known_hosts: Annotated[
        Path | None, typer.Option("--known-hosts", help="Becomes DEPLOY_KNOWN_HOSTS.")
    ] = None,
    json: Json = False,
) -> None:
    """Show which secrets and variables the workflows need, or set them at GitHub."""
    env_github.require_sense(sets=sets, reveals=show, repository=repository, dry_run=dry_run)
    deployment = locate(directory, current=Path.cwd(), infra=this_clone().root / "infra")
    access = Access(host, identity, known_hosts)
    if sets:
        env_github.put(deployment, access, repository=repository, dry_run=dry_run)
    else:
        env_github.show(deployment, access, reveals=show, as_json=json)


def rotate(  # noqa: PLR0913, each is an option that people type
    name: Annotated[str | None, typer.Argument(help="Of the secret.")] = None,
    *,
    lists: Annotated[bool, typer.Option("--list", help="What can be rotated, and how.")] = False,
    finish: Annotated[
        bool, typer.Option("--finish", help="Forget the AUTH_SECRET of before.")
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    soak: Soak = None,
    patience: Patience = None,
    maintenance: Maintenance = False,
    env_from: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds the value, where you bring it.")
    ] = None,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Change a secret while everything serves."""
    wish = Wish(
        "env",
        "rotate",
        which=name,
        lists=lists,
        finish=finish,
        dry_run=dry_run,
        soak_seconds=soak,
        patience_seconds=patience,
        maintenance=maintenance,
    )
    place, manner = Place(host, identity, known_hosts, directory), Manner(as_json=json, yes=yes)
    rotation = find_rotation(name) if name and not lists else None
    if host is None or rotation is None or rotation.is_made:
        roll_out(wish, place, manner, env_from=env_from)
    # What is brought is asked for here, since the input of a program there is its lifeline.
    values = bring(rotation, env_from)
    with tempfile.TemporaryDirectory(prefix="menuvo-") as folder:
        file = Path(folder) / "env"
        lines = "".join(f"{one}={quoted(value)}\n" for one, value in values.items())
        write(file, lines.encode(), mode=0o600)
        roll_out(wish, place, manner, env_from=file)
