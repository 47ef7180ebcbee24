"""One instance makes room for another, while the second one carries everybody."""

import subprocess
import time
from contextlib import suppress

from menuvo_ops.commands import docker
from menuvo_ops.errors import OpsError, ServiceFailed
from menuvo_ops.rollout.containers import Container
from menuvo_ops.rollout.logs import keep_log
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.steps.installing import install
from menuvo_ops.rollout.steps.step import Step

_HEALTHY = ["menuvo-platform", "healthy", "instance", "--port", "3000"]
_LOOK_EVERY = 0.3
_KILLED = 137
_PROXY_SECONDS = 20


class ReplaceInstance(Step):
    switches: bool = True
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return f"Replace {self.name}: drain, stop, start, confirm"

    def do(self) -> None:
        if not self.scene.is_in_place(self.name, self.scene.target):
            self._require_the_other()
        self._replace_by(self.scene.target)

    def undo(self) -> None:
        install(self.scene, self.previous, instead_of=self.scene.target)
        self._replace_by(self.previous)

    def _replace_by(self, release: Release) -> None:
        scene = self.scene
        if not scene.is_in_place(self.name, release):
            self._stop()
            scene.stack.start(
                scene.project(release),
                [self.name],
                seconds=scene.options.patience_seconds,
                interruption=scene.interruption,
                anew=True,
            )
        self._confirm(release)

    def _require_the_other(self) -> None:
        """Stopping the only one that serves would fail every request."""
        if self.scene.options.repair:
            return
        other = self.scene.other_instance(self.name)
        there = self.scene.containers().get(other)
        if there is None or not there.is_well or self.scene.caddy().upstream(other).fails:
            raise ServiceFailed(
                f"{other} is not healthy, so {self.name} is not stopped.",
                hint=f"docker compose logs --tail 100 {other} tells why.",
            )

    def _stop(self) -> None:
        there = self.scene.containers().get(self.name)
        if there is None:
            return
        if there.status == "running":
            self._drain(there)
        if self.scene.previous:
            keep_log(self.scene.stack, there, self.scene.folder(self.scene.previous))

    def _drain(self, container: Container) -> None:
        """SIGTERM: it says on /ready that it goes, serves until the proxy has left it, and ends."""
        stopping = self.scene.stack.shell.start(docker.stop(container.id))
        most_open = 0
        while stopping.poll() is None:
            # Caddy itself may be the one that is troubled; the stop goes on.
            with suppress(OpsError):
                most_open = self.scene.caddy().upstream(self.name).requests
            with suppress(subprocess.TimeoutExpired):
                stopping.wait(_LOOK_EVERY)
        stopping.communicate()
        left = self.scene.containers().get(self.name)
        if left is not None and left.exit_code == _KILLED:
            self.scene.warn(
                f"{self.name} did not end by itself and was killed, with {most_open} requests open."
            )

    def _confirm(self, release: Release) -> None:
        scene = self.scene
        container = scene.container(self.name)
        for _ in range(2):
            scene.stack.execute(container, _HEALTHY)
        caddy = scene.caddy()
        scene.until(
            lambda: caddy.upstream(self.name).fails == 0,
            _PROXY_SECONDS,
            otherwise=f"Caddy goes on to count failures of {self.name}.",
        )
        if scene.probe.is_on:
            since = time.monotonic()
            scene.until(
                lambda: scene.probe.has_seen(release.version, self.name, since=since),
                _PROXY_SECONDS,
                otherwise=f"No question from outside was answered by {self.name} of"
                f" {release.version}.",
            )
