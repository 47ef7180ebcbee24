"""Everything that must be true before the first service starts."""

from dataclasses import dataclass

from menuvo_ops.errors import PortTaken
from menuvo_ops.local.leftovers import stop_leftovers
from menuvo_ops.local.network import lan_address
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.ports import PortClaims, choose_ports, remember_ports, remembered_ports
from menuvo_ops.local.postgres import create_cluster, find_cluster
from menuvo_ops.local.programs import provide_programs
from menuvo_ops.local.release import release_name
from menuvo_ops.local.secrets import remembered_secret
from menuvo_ops.local.sources import Say
from menuvo_ops.local.stack import PREFERRED_PORTS, Address, Stack


@dataclass(frozen=True)
class Options:
    """`port` is where people enter; `lan` lets the neighbours in."""

    port: int | None = None
    lan: bool = False


def prepare(clone: Clone, options: Options, claims: PortClaims, *, say: Say) -> Stack:
    """`claims` keep the stack's ports from other clones, and must live as long as it does."""
    left = stop_leftovers(clone.state)
    if left:
        say(f"Stopped {left} processes of a run that was killed")
    if clone.restore.exists():
        # A restore was cut off, and what Redis would remember may be of another database.
        (clone.redis / "dump.rdb").unlink(missing_ok=True)
    programs = provide_programs(clone, say)
    ports = _ports(clone, options, claims, say=say)
    data = clone.postgres / "data"
    if find_cluster(data) is None:
        say("Creating the database")
        create_cluster(
            programs.postgres, data, password=remembered_secret(clone.secrets / "postgres")
        )
    return Stack(
        clone=clone,
        programs=programs,
        ports=ports,
        address=_address(options, ports["caddy"]),
        release=release_name(clone.root),
    )


def _ports(clone: Clone, options: Options, claims: PortClaims, *, say: Say) -> dict[str, int]:
    if options.port is not None:
        if not claims.take(options.port):
            raise PortTaken(
                f"Port {options.port} is taken by another program.",
                hint="Name another one with --port, or leave it out and a free one is chosen.",
            )
        remember_ports(clone.ports, remembered_ports(clone.ports) | {"caddy": options.port})
    ports, moved = choose_ports(clone.ports, PREFERRED_PORTS, claims)
    for move in moved:
        say(f"Port {move.taken} is taken: {move.service} uses {move.chosen} from now on")
    return ports


def _address(options: Options, port: int) -> Address:
    if not options.lan:
        return Address(bind="127.0.0.1", host="localhost", port=port)
    return Address(bind="0.0.0.0", host=lan_address() or "localhost", port=port)  # noqa: S104
