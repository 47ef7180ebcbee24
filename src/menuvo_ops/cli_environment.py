"""The verbs about the environment of a deployment: `menuvo env diff`, `github`, `rotate`."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.environment import locate
from menuvo_ops.environment.bringing import bring
from menuvo_ops.environment.dotenv import quoted
from menuvo_ops.environment.rotations import find_rotation
from menuvo_ops.environment.writing import write
from menuvo_ops.local.paths import this_clone
from menuvo_ops.operations import env_github
from menuvo_ops.operations.rollouts import here, there
from menuvo_ops.operations.rollouts.given import Place, require_sense
from menuvo_ops.shipping.github import Access

_Directory = Annotated[
    str | None,
    typer.Option(
        "--directory", help="Of the deployment; else this folder, or ~/menuvo on the --host."
    ),
]
_Host = Annotated[
    str | None, typer.Option("--host", help="Where it lies, by ssh: deploy@example.org")
]
_Identity = Annotated[Path | None, typer.Option("--identity", help="The private key for ssh.")]
_KnownHosts = Annotated[
    Path | None, typer.Option("--known-hosts", help="The host keys to trust, and no others.")
]
_Json = Annotated[bool, typer.Option("--json", help="For programs.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the plan, change nothing.")]


def diff(
    *,
    directory: _Directory = None,
    host: _Host = None,
    identity: _Identity = None,
    known_hosts: _KnownHosts = None,
    json: _Json = False,
) -> None:
    """Show what of .env is not deployed yet, and what a deploy would replace; 1 when something."""
    place = Place(host, identity, known_hosts, directory)
    _ask(Wish("env", "diff"), place, Manner(as_json=json))


def github(  # noqa: PLR0913, each is an option that people type
    *,
    sets: Annotated[bool, typer.Option("--set", help="Set them, with gh.")] = False,
    repository: Annotated[
        str | None, typer.Option(metavar="OWNER/NAME", help="Else the one of this folder.")
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Print secrets too.")] = False,
    dry_run: _DryRun = False,
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
    json: _Json = False,
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
    dry_run: _DryRun = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    soak: Annotated[
        float | None,
        typer.Option(min=0, metavar="SECONDS", help="Compare new and old so long; 25."),
    ] = None,
    patience: Annotated[
        float | None,
        typer.Option(min=1, metavar="SECONDS", help="Until a start is healthy; 90."),
    ] = None,
    maintenance: Annotated[
        bool, typer.Option("--maintenance", help="Allow seconds of silence.")
    ] = False,
    env_from: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds the value, where you bring it.")
    ] = None,
    directory: _Directory = None,
    host: _Host = None,
    identity: _Identity = None,
    known_hosts: _KnownHosts = None,
    json: _Json = False,
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
    if host is None or name is None or lists or find_rotation(name).is_made:
        _ask(wish, place, manner, env_from=env_from)
    # What is brought is asked for here, since the input of a program there is its lifeline.
    values = bring(find_rotation(name or ""), env_from)
    with tempfile.TemporaryDirectory(prefix="menuvo-") as folder:
        file = Path(folder) / "env"
        lines = "".join(f"{one}={quoted(value)}\n" for one, value in values.items())
        write(file, lines.encode(), mode=0o600)
        _ask(wish, place, manner, env_from=file)


def _ask(wish: Wish, place: Place, manner: Manner, *, env_from: Path | None = None) -> None:
    require_sense(wish, place, env_from)
    way = there if place.host else here
    raise typer.Exit(way.roll_out(this_clone().root, wish, place, manner, env_from=env_from))
