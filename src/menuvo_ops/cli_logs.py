"""`menuvo logs`: of a deployment, or of what this clone runs."""

from typing import Annotated

import typer

from menuvo_ops.cli_places import (
    Directory,
    Host,
    Identity,
    Json,
    KnownHosts,
    means_a_deployment,
    roll_out,
)
from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.local.paths import this_clone
from menuvo_ops.logs.asking import Asked
from menuvo_ops.operations.engines import running_engine
from menuvo_ops.operations.rollouts.given import Place, require_sense


def logs(  # noqa: PLR0913, each is an option that people type
    services: Annotated[
        list[str] | None, typer.Argument(metavar="[SERVICE]...", help="All when left out.")
    ] = None,
    *,
    since: Annotated[
        str, typer.Option(metavar="SPAN", help="How far back: 90s, 10m, 2h, 1d.")
    ] = "",
    grep: Annotated[
        str, typer.Option(metavar="TEXT", help="Only lines with this in them, large or small.")
    ] = "",
    level: Annotated[str, typer.Option(help="From this one on: debug, info, warning, error.")] = "",
    lines: Annotated[
        int | None,
        typer.Option("-n", "--lines", min=0, help="The last ones of each service; 50 by default."),
    ] = None,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="And what comes.")] = False,
    directory: Directory = None,
    host: Host = None,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Show what services said, all in the order of time."""
    asked = Asked(tuple(services or ()), since, grep, level, lines, follow)
    asked.require_sense()
    wish, place = Wish("logs", logs=asked), Place(host, identity, known_hosts, directory)
    clone = this_clone()
    if means_a_deployment(place, clone):
        roll_out(wish, place, Manner(as_json=json))
    require_sense(wish, place, None)
    running_engine(clone).logs(asked, as_json=json)
