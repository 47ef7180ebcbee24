"""Where a deployment lies, as it is typed after its verbs, and how a wish gets there."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.local.paths import Clone, this_clone
from menuvo_ops.operations.engines import running_engine
from menuvo_ops.operations.rollouts import here, there
from menuvo_ops.operations.rollouts.given import Place, is_deployment, require_sense

Directory = Annotated[
    str | None,
    typer.Option(
        "--directory", help="Of the deployment; else this folder, or ~/menuvo on the --host."
    ),
]
Host = Annotated[
    str | None, typer.Option("--host", help="Where it lies, by ssh: deploy@example.org")
]
Identity = Annotated[Path | None, typer.Option("--identity", help="The private key for ssh.")]
KnownHosts = Annotated[
    Path | None, typer.Option("--known-hosts", help="The host keys to trust, and no others.")
]
Json = Annotated[bool, typer.Option("--json", help="For programs, one object a line.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the plan, change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Maintenance = Annotated[bool, typer.Option("--maintenance", help="Allow seconds of silence.")]
Soak = Annotated[
    float | None,
    typer.Option(min=0, metavar="SECONDS", help="Compare new and old so long; 25."),
]
Patience = Annotated[
    float | None,
    typer.Option(min=1, metavar="SECONDS", help="Until a start is healthy; 90 when left out."),
]


def look_after(wish: Wish, place: Place, manner: Manner) -> None:
    """Of the deployment that is named or lies here, and else of what this clone runs."""
    clone = this_clone()
    if means_a_deployment(place, clone):
        roll_out(wish, place, manner)
    require_sense(wish, place, None)
    raise typer.Exit(running_engine(clone).backups(wish, manner))


def means_a_deployment(place: Place, clone: Clone) -> bool:
    return bool(place.host or place.directory or is_deployment(Path.cwd(), clone.root))


def roll_out(wish: Wish, place: Place, manner: Manner, *, env_from: Path | None = None) -> NoReturn:
    require_sense(wish, place, env_from)
    way = there if place.host else here
    raise typer.Exit(way.roll_out(this_clone().root, wish, place, manner, env_from=env_from))
