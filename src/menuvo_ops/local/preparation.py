"""Everything that must be true before the first service starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from menuvo_ops.errors import OpsError, PortTaken
from menuvo_ops.local.leftovers import stop_leftovers
from menuvo_ops.local.monitoring import programs as monitoring
from menuvo_ops.local.monitoring.services import Monitoring, ports_for
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
    """`port` is where people enter; `lan` lets the neighbours in; `monitoring` builds Gatus and
    Beszel or leaves them out, and without a word they run where they are built."""

    port: int | None = None
    lan: bool = False
    monitoring: bool | None = None


def prepare(clone: Clone, options: Options, claims: PortClaims, *, say: Say, show: Say) -> Stack:
    """`claims` keep the stack's ports from other clones, and must live as long as it does. `show`
    is told how far a long step is."""
    left = stop_leftovers(clone.state)
    if left:
        say(f"Stopped {left} processes of a run that was killed")
    if clone.restore.exists():
        # A restore was cut off, and what Redis would remember may be of another database.
        (clone.redis / "dump.rdb").unlink(missing_ok=True)
    if options.monitoring:
        monitoring.build(clone, say=say, show=show)
    watching = None if options.monitoring is False else monitoring.find(clone)
    programs = provide_programs(clone, say)
    ports = _ports(clone, options, {**PREFERRED_PORTS, **ports_for(watching)}, claims, say=say)
    data = clone.postgres / "data"
    if find_cluster(data) is None:
        say("Creating the database")
        create_cluster(
            programs.postgres, data, password=remembered_secret(clone.secrets / "postgres")
        )
    address = _address(options, ports["caddy"])
    return Stack(
        clone=clone,
        programs=programs,
        ports=ports,
        address=address,
        release=release_name(clone.root),
        monitoring=watching
        and _furnished(Monitoring(clone, watching, ports, address.base_url), say),
    )


def _furnished(monitoring: Monitoring, say: Say) -> Monitoring | None:
    """What is in its way is in nobody else's."""
    try:
        monitoring.furnish()
    except (OpsError, OSError) as error:
        say(f"Gatus and Beszel are left out: {error}")
        return None
    return monitoring


def _ports(
    clone: Clone,
    options: Options,
    preferred: Mapping[str, int],
    claims: PortClaims,
    *,
    say: Say,
) -> dict[str, int]:
    if options.port is not None:
        if not claims.take(options.port):
            raise PortTaken(
                f"Port {options.port} is taken by another program.",
                hint="Name another one with --port, or leave it out and a free one is chosen.",
            )
        remember_ports(clone.ports, remembered_ports(clone.ports) | {"caddy": options.port})
    ports, moved = choose_ports(clone.ports, preferred, claims)
    for move in moved:
        say(f"Port {move.taken} is taken: {move.service} uses {move.chosen} from now on")
    return ports


def _address(options: Options, port: int) -> Address:
    if not options.lan:
        return Address(bind="127.0.0.1", host="localhost", port=port)
    return Address(bind="0.0.0.0", host=lan_address() or "localhost", port=port)  # noqa: S104
