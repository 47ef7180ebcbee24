"""A Docker daemon of our own: its programs unpacked privately, its traces removed when it ends."""

import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from menuvo_ops.errors import CommandFailed, MissingProgram, ServiceFailed
from menuvo_ops.local.keys import key
from menuvo_ops.local.leftovers import mark, stop_leftovers
from menuvo_ops.runner import run
from tests.system.bed import firewall, kernel, sockets

START_SECONDS = 60
STOP_SECONDS = 60
# As many as production has services, and some: beside a busy test none of them starves.
WEIGHT_IN_PROCESSES = 16
_PAUSE = 0.1
# Python complains of a child that lives on when nobody knows it any more, and daemons do.
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Daemon:
    """`home` keeps images between runs; everything that must not outlive a run is in `run`."""

    home: Path
    programs: Path

    @cached_property
    def name(self) -> str:
        """Fits the 15 characters that Linux gives a link."""
        return f"menuvo-{key(str(self.home))[:8]}"

    @property
    def run(self) -> Path:
        """Short, because the path of a socket has at most 107 characters."""
        return Path("/run") / self.name

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "dockerd.log"

    @property
    def pid_file(self) -> Path:
        return self.run / "pid"

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs to find this daemon and its own plugins."""
        folders = [self.programs / "usr/bin", self.programs / "usr/sbin"]
        path = ":".join([*map(str, folders), os.environ["PATH"], "/usr/sbin", "/sbin"])
        return {
            "DOCKER_HOST": f"unix://{self.run}/docker.sock",
            # For the container that passes questions on to it.
            "DOCKER_SOCKET": f"{self.run}/docker.sock",
            "DOCKER_CONFIG": str(self.home / "config"),
            "PATH": path,
        }

    def answers(self) -> bool:
        return self._client("version") is not None

    def start(self) -> None:
        """Raises ServiceFailed with the daemon's last lines when it does not come up."""
        self.clean()
        self.run.mkdir(mode=0o700)
        self._link_plugins()
        before = {"firewall": firewall.snapshot(), "forwarding": kernel.forwarding()}
        self._before.write_text(json.dumps(before))
        # Switched on by us, or the daemon would do it and close the host's own forwarding.
        kernel.set_forwarding("1")
        kernel.add_bridge(self.name)
        kernel.weigh_group(self.name, WEIGHT_IN_PROCESSES)
        self._launch()

    def _launch(self) -> None:
        with self.log.open("w") as log:
            process = subprocess.Popen(
                self._argv(),
                env={**os.environ, **self.environment, **mark(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _started.append(process)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                last = "\n".join(self.log.read_text().splitlines()[-8:])
                self.clean()
                raise ServiceFailed("The private Docker daemon did not start.", hint=last)
            time.sleep(_PAUSE)

    def _argv(self) -> list[str]:
        options = {
            "data-root": self.data,
            "exec-root": self.run / "exec",
            "pidfile": self.pid_file,
            "host": self.environment["DOCKER_HOST"],
            "bridge": self.name,
            "cgroup-parent": f"/{self.name}",
            "exec-opt": "native.cgroupdriver=cgroupfs",
            "storage-driver": "overlay2",
            # The static one runs in every image, also in those made from scratch.
            "init-path": "/usr/bin/tini-static",
            "ip6tables": "false",
            "log-level": "warn",
        }
        return ["dockerd", *(f"--{name}={value}" for name, value in options.items())]

    def _link_plugins(self) -> None:
        plugins = Path(self.environment["DOCKER_CONFIG"]) / "cli-plugins"
        shutil.rmtree(plugins, ignore_errors=True)
        plugins.mkdir(parents=True)
        for plugin in (self.programs / "usr/libexec/docker/cli-plugins").iterdir():
            (plugins / plugin.name).symlink_to(plugin)

    def recover(self) -> None:
        """After a crash: only a daemon on the same data knows what the dead one had made."""
        if not self.answers():
            self.start()
        self.empty()

    def empty(self) -> None:
        """Remove all containers, networks and volumes."""
        containers = (self._client("container", "ls", "--all", "--quiet") or "").split()
        if containers:
            self._client("container", "rm", "--force", "--volumes", *containers)
        self._client("network", "prune", "--force")
        self._client("volume", "prune", "--all", "--force")

    def stop(self) -> None:
        """End it, and take away its traces and those of everything that ran on it."""
        if self.answers():
            self.empty()
        self.terminate()
        self.clean()

    def restart(self) -> None:
        """As a reboot does it: containers end with the daemon and come back by their policy."""
        self.terminate()
        self._launch()

    def terminate(self) -> None:
        with suppress(FileNotFoundError, ProcessLookupError, ValueError):
            process = os.pidfd_open(int(self.pid_file.read_text()))
            try:
                signal.pidfd_send_signal(process, signal.SIGTERM)
                select.select([process], [], [], STOP_SECONDS)
            finally:
                os.close(process)

    def clean(self) -> None:
        """Take away what a daemon leaves behind; also what a killed one left."""
        stop_leftovers(self.home)
        kernel.kill_group(self.name)
        for folder in (self.run, self.data):
            kernel.unmount_below(folder)
        if self._before.exists():
            self._restore(json.loads(self._before.read_text()))
        kernel.remove_group(self.name)
        sockets.sweep()
        shutil.rmtree(self.run, ignore_errors=True)

    def _restore(self, before: Mapping[str, Any]) -> None:
        if self.name in kernel.links():
            kernel.delete_link(self.name)
        alone = not kernel.is_running_in_our_network("dockerd")
        firewall.restore(before["firewall"], bridge=self.name, alone=alone)
        if alone:
            kernel.set_forwarding(before["forwarding"])

    @property
    def _before(self) -> Path:
        return self.run / "before.json"

    def _client(self, *arguments: str) -> str | None:
        with suppress(CommandFailed, MissingProgram):
            return run(["docker", *arguments], what="Asking the daemon", env=self.environment)
        return None
