"""Mounts, links, addresses, control groups and switches of this machine's kernel."""

import ipaddress
import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from menuvo_ops.errors import Refused
from menuvo_ops.runner import run

_CGROUPS = Path("/sys/fs/cgroup")
_FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")
# 172.16.0.0/12 up to .29 is where Docker's own networks begin, and 192.168 is people's homes.
_CANDIDATES = [ipaddress.IPv4Network(f"172.30.{third}.0/24") for third in range(256)]


def links() -> list[str]:
    shown = run(["ip", "-json", "link", "show"], what="Listing the network's links")
    return [link["ifname"] for link in json.loads(shown)]


def delete_link(name: str) -> None:
    run(["ip", "link", "delete", name], what=f"Removing the link {name}")


def add_bridge(name: str) -> None:
    """A bridge with a subnet that nothing else here uses."""
    what = f"Making the bridge {name}"
    address = _gateway(free_subnet(_used_subnets()))
    run(["ip", "link", "add", name, "type", "bridge"], what=what)
    run(["ip", "address", "add", address, "dev", name], what=what)
    run(["ip", "link", "set", name, "up"], what=what)


def free_subnet(used: list[ipaddress.IPv4Network]) -> ipaddress.IPv4Network:
    for candidate in _CANDIDATES:
        if not any(candidate.overlaps(other) for other in used):
            return candidate
    raise Refused("Every subnet of 172.30.0.0/16 is in use here.", hint="Free one of them.")


def _gateway(subnet: ipaddress.IPv4Network) -> str:
    return f"{subnet[1]}/{subnet.prefixlen}"


def _used_subnets() -> list[ipaddress.IPv4Network]:
    routes = json.loads(run(["ip", "-json", "-4", "route", "show"], what="Listing the routes"))
    return [ipaddress.IPv4Network(one["dst"]) for one in routes if one["dst"] != "default"]


def forwarding() -> str:
    return _FORWARDING.read_text().strip()


def set_forwarding(value: str) -> None:
    _FORWARDING.write_text(value)


def mounts_below(folder: Path) -> list[Path]:
    """The deepest and latest first, so that they can be unmounted in this order."""
    table = Path("/proc/self/mountinfo").read_text().splitlines()
    points = [Path(_unescaped(line.split()[4])) for line in table]
    return [point for point in reversed(points) if point == folder or folder in point.parents]


def unmount_below(folder: Path) -> None:
    for point in mounts_below(folder):
        run(["umount", "--lazy", str(point)], what=f"Unmounting {point}")


def _unescaped(path: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)


def processes_in_group(name: str) -> set[int]:
    """What runs in the control group `name` or below it."""
    return {
        int(pid)
        for folder in _groups(name)
        for pid in (folder / "cgroup.procs").read_text().split()
    }


def kill_group(name: str) -> None:
    for pid in processes_in_group(name):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def weigh_group(name: str, processes: int) -> None:
    """Make the group, and let it have as much of the processors as so many processes beside it.

    A new one has as much as a single process, however many run in it.
    """
    unified = _CGROUPS / "cgroup.subtree_control"
    if unified.exists():
        unified.write_text("+cpu")
    file, of_one = _weight_file(name)
    file.parent.mkdir(exist_ok=True)
    file.write_text(str(of_one * processes))


def weight_of_group(name: str) -> int:
    """In processes; 0 without a group."""
    file, of_one = _weight_file(name)
    return int(file.read_text()) // of_one if file.exists() else 0


def _weight_file(group: str) -> tuple[Path, int]:
    """And how much it holds for one process."""
    if (_CGROUPS / "cgroup.subtree_control").exists():
        return _CGROUPS / group / "cpu.weight", 100
    return _CGROUPS / "cpu" / group / "cpu.shares", 1024


def group_exists(name: str) -> bool:
    return any(True for _ in _groups(name))


def remove_group(name: str) -> None:
    for folder in _groups(name):
        folder.rmdir()


def _groups(name: str) -> Iterator[Path]:
    """In every hierarchy (one in cgroup v2, many in v1) the children before their parents."""
    for top in (_CGROUPS / name, *_CGROUPS.glob(f"*/{name}")):
        if top.is_dir():
            yield from reversed([top, *sorted(path for path in top.rglob("*") if path.is_dir())])


def is_running_in_our_network(program: str) -> bool:
    """Links and packet filters belong to a network namespace, and so does the question."""
    ours = Path("/proc/self/ns/net").readlink()
    return any(_runs(folder, program, ours) for folder in Path("/proc").glob("[0-9]*"))


def _runs(process: Path, program: str, network: Path) -> bool:
    # Any process may end while we look.
    with suppress(OSError):
        runs_it = (process / "comm").read_text().strip() == program
        return runs_it and (process / "ns/net").readlink() == network
    return False
