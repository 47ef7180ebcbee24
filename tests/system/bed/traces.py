"""`python -m tests.system.bed.traces FOLDER`: what a private engine leaves on a machine.

Prints JSON: everything it could leave, before it runs, while it does, and after each kind of end.
Run it in a network namespace of its own.
"""

import json
import os
import signal
import sys
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from menuvo_ops.commands import docker
from menuvo_ops.local.leftovers import find_leftovers
from menuvo_ops.runner import run
from tests.system.bed import firewall, kernel
from tests.system.bed.binaries import STORAGE, provide
from tests.system.bed.daemon import Daemon
from tests.system.bed.engine import provide_daemon
from tests.system.bed.sockets import dead_sockets


def main() -> None:
    folder = Path(sys.argv[1])
    run(["ip", "link", "set", "lo", "up"], what="Starting the loopback")
    # A namespace begins as the machine's own is, where another engine may have switched it on.
    kernel.set_forwarding("0")
    daemon = replace(provide_daemon(_silently), home=folder / "engine")
    daemon.home.mkdir()
    seen = {"before": traces(daemon)}

    daemon.start()
    run_something(daemon, folder)
    seen["running"] = traces(daemon)
    daemon.restart()
    seen["restarted"] = traces(daemon)
    daemon.stop()
    seen["after a stop"] = traces(daemon)

    daemon.start()
    run_something(daemon, folder)
    os.kill(int(daemon.pid_file.read_text()), signal.SIGKILL)
    seen["after a crash"] = traces(daemon)
    daemon.recover()
    daemon.stop()
    seen["after a crash and a new start"] = traces(daemon)
    print(json.dumps(seen))


def traces(daemon: Daemon) -> dict[str, Any]:
    return {
        "engine's processes": len(find_leftovers(daemon.home)),
        "containers' processes": len(kernel.processes_in_group(daemon.name)),
        "groups": kernel.group_exists(daemon.name),
        "weight": kernel.weight_of_group(daemon.name),
        "mounts": [
            str(point)
            for folder in (daemon.home, daemon.run)
            for point in kernel.mounts_below(folder)
        ],
        "links": sorted(kernel.links()),
        "firewall": firewall.snapshot(),
        "forwarding": kernel.forwarding(),
        "sockets": [str(path) for path in dead_sockets()],
        "files": daemon.run.exists(),
    }


def run_something(daemon: Daemon, folder: Path) -> None:
    """A container that stays, in a network of its own, with a volume and a published port."""
    archive = folder / "image.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(provide(STORAGE, _silently) / STORAGE.name, arcname="storage")
    options = [
        *["--detach", "--init", "--restart=always", "--network=somewhere"],
        *["--volume=kept:/kept", "--publish=127.0.0.1::7070"],
        *["--env=ROOT_ACCESS_KEY=menuvo", "--env=ROOT_SECRET_KEY=menuvo"],
    ]
    for argv in (
        docker.import_image(archive, "storage"),
        ["docker", "network", "create", "somewhere"],
        ["docker", "run", *options, "storage", "/storage", "posix", "/kept"],
    ):
        run(argv, what=" ".join(argv[:2]), env=daemon.environment)


def _silently(_sentence: str) -> None:
    """Only the JSON is printed."""


if __name__ == "__main__":
    main()
