"""Docker, the kernel, and how much memory was promised."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict, cast

from menuvo_ops.commands import apt, docker
from menuvo_ops.containers.engine import OLDEST_ENGINE
from menuvo_ops.containers.memory import MOST_MIB
from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.finding import Found, doubtful, ill, not_looked, well
from menuvo_ops.doctor.production.check import Checks

_MIB = 1024**2
_WATCHED = ("docker", "containerd", "linux-image")
_REBOOT = Path("/run/reboot-required")
_REBOOT_GUIDE = "docs/guides/reboot.md"
_SECONDS = 60


class _Info(TypedDict):
    ServerVersion: str
    LiveRestoreEnabled: bool


def version(ground: Deployed) -> Found:
    printed = ground.stack.shell.run(docker.info(), what="Asking Docker")
    told = cast("_Info", json.loads(printed))
    if int(told["ServerVersion"].partition(".")[0]) < OLDEST_ENGINE:
        return ill(
            f"Docker is of version {told['ServerVersion']}, and {OLDEST_ENGINE} is needed.",
            fix=_REBOOT_GUIDE,
        )
    if not told["LiveRestoreEnabled"]:
        return doubtful(
            f"Docker {told['ServerVersion']} takes all containers down when it is restarted.",
            fix='Add "live-restore": true to /etc/docker/daemon.json; sudo systemctl reload docker',
        )
    return well(f"Docker {told['ServerVersion']}; containers outlive its restart.")


def budget(ground: Deployed) -> Found:
    """What is promised beyond that is taken from whoever the kernel chooses."""
    services = ground.services()
    promised = sum(one.limit for one in services) // _MIB
    unlimited = [one.name for one in services if not one.limit and one.word != "missing"]
    if unlimited:
        return ill(
            f"Nothing limits the memory of {', '.join(unlimited)}.",
            fix="Give it a mem_limit in docker-compose.override.yml, and deploy.",
        )
    told = f"{promised:,} of {MOST_MIB:,} MiB are promised."
    if promised <= MOST_MIB:
        return well(told)
    heaviest = max(services, key=lambda one: one.limit)
    return ill(told, fix=f"Lower a mem_limit; {heaviest.name} has the largest.")


def updates(_ground: Deployed) -> Found:
    if shutil.which("apt") is None:
        return not_looked("This is no Debian or Ubuntu.")
    listed = subprocess.run(
        apt.upgradable(), capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    waiting = sorted(
        name
        for name in (line.partition("/")[0] for line in listed.stdout.splitlines())
        if name.startswith(_WATCHED)
    )
    if _REBOOT.exists():
        return doubtful("A new kernel waits for a restart of this server.", fix=_REBOOT_GUIDE)
    if waiting:
        return doubtful(f"Updates wait: {', '.join(waiting)}.", fix=_REBOOT_GUIDE)
    return well("No update of the kernel or of Docker waits.")


CHECKS: Checks = {
    "engine": version,
    "engine-memory-budget": budget,
    "engine-updates": updates,
}
