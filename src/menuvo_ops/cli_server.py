"""The verbs of the server itself: `menuvo server setup`, `check` and `cloud-init`."""

from pathlib import Path
from typing import Annotated

import typer

from menuvo_ops.cli_places import DryRun, Identity, Json, KnownHosts
from menuvo_ops.machines.bringing import require_environment
from menuvo_ops.machines.keys import read_keys
from menuvo_ops.machines.login import Login
from menuvo_ops.machines.script import require_hour
from menuvo_ops.machines.setting_up import Wish
from menuvo_ops.operations import server as operation

server = typer.Typer(
    name="server",
    help="Make an empty Debian or Ubuntu ready for deploys, and look whether it still is.",
    no_args_is_help=True,
)

_Address = Annotated[
    str, typer.Argument(help="By ssh: root@example.org at first, deploy@example.org later.")
]
_RebootAt = Annotated[
    str | None,
    typer.Option(metavar="HH:MM", help="When updates may reboot, by its clock; at first 04:30."),
]


@server.command()
def setup(  # noqa: PLR0913, each is an option that people type
    address: _Address,
    *,
    key: Annotated[
        Path | None,
        typer.Option(help="A public key that lets deploy in; else those that let you in."),
    ] = None,
    reboot_at: _RebootAt = None,
    environment: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Bring the .env of this folder along.")
    ] = None,
    registry_user: Annotated[
        str | None, typer.Option(metavar="NAME", help="Log in at ghcr.io; asks for the token.")
    ] = None,
    dry_run: DryRun = False,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Bring about all that a deploy needs, and shut what nobody needs; again changes nothing."""
    require_hour(reboot_at)
    wish = Wish(
        keys=read_keys(key) if key else None,
        reboot_at=reboot_at,
        environment=require_environment(environment) if environment else None,
        registry=operation.access(registry_user) if registry_user else None,
    )
    login = Login(address, identity, known_hosts)
    raise typer.Exit(operation.setup(login, wish, dry_run=dry_run, as_json=json))


@server.command()
def check(
    address: _Address,
    *,
    identity: Identity = None,
    known_hosts: KnownHosts = None,
    json: Json = False,
) -> None:
    """Compare a server with what setup leaves, also from outside; exit code 3 when it deviates."""
    raise typer.Exit(operation.check(Login(address, identity, known_hosts), as_json=json))


@server.command()
def cloud_init(
    *,
    key: Annotated[
        Path | None, typer.Option(help="A public key that lets deploy in; else yours.")
    ] = None,
    reboot_at: _RebootAt = None,
) -> None:
    """Print a file for cloud-init that does what setup does."""
    require_hour(reboot_at)
    operation.cloud_init(read_keys(key or operation.usual_key()), reboot_at)
