"""Services that no guest waits for, or that may only be replaced in a maintenance."""

from menuvo_ops.commands import docker
from menuvo_ops.commands.compose import Project
from menuvo_ops.errors import CommandFailed, ServiceFailed
from menuvo_ops.rollout.logs import keep_log
from menuvo_ops.rollout.plan import FOUNDATION, SECONDS_OF_SILENCE
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.steps.installing import install
from menuvo_ops.rollout.steps.step import Step

_HEALTHY_SECONDS = 180
# A little more than a worker's own two minutes.
_STOP_SECONDS = 150


class ReplaceService(Step):
    switches: bool = True
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        if self.name in FOUNDATION:
            return f"Replace {self.name} ({SECONDS_OF_SILENCE[self.name]})"
        return f"Renew {self.name}"

    def do(self) -> None:
        self._become(self.scene.target)

    def undo(self) -> None:
        install(self.scene, self.previous, instead_of=self.scene.target)
        self._become(self.previous)

    def _become(self, release: Release) -> None:
        scene = self.scene
        project = scene.project(release)
        if self.name not in scene.expected(release):
            self._remove()
        elif not scene.is_in_place(self.name, release):
            self._stop()
            self._start(project)

    def _start(self, project: Project) -> None:
        seconds = max(self.scene.options.patience_seconds, _HEALTHY_SECONDS)
        self._start_until_healthy(project, seconds)

    def _start_until_healthy(self, project: Project, seconds: float) -> None:
        self.scene.stack.start(
            project,
            [self.name],
            seconds=seconds,
            interruption=self.scene.interruption,
            anew=True,
        )

    def _stop(self) -> None:
        """Compose stops it too; only a worker is worth watching."""

    def _remove(self) -> None:
        there = self.scene.containers().get(self.name)
        if there is not None:
            self.scene.stack.shell.run(docker.stop(there.id), what=f"Stopping {self.name}")
            self.scene.stack.shell.run(
                docker.remove_container(there.id), what=f"Removing {self.name}"
            )


class ReplaceCompanion(ReplaceService):
    """One that runs and complains is told, and no reason to go back: it serves nobody, and what it
    complains of, as a backup that failed, is seldom anything that this release has done."""

    def _start(self, project: Project) -> None:
        scene = self.scene
        try:
            self._start_until_healthy(project, scene.options.patience_seconds)
        except ServiceFailed:
            there = scene.containers().get(self.name)
            if there is None or there.status != "running" or there.restarts > 0:
                raise
            scene.warn(f"{self.name} runs, and is not well: {there.trouble}")


class ReplaceWorker(ReplaceService):
    @property
    def sentence(self) -> str:
        return f"Hand {self.name} over: it finishes or gives back its job, the new one goes on"

    def _stop(self) -> None:
        """A job in hand is finished, or goes back to the ledger, before the new one starts."""
        there = self.scene.containers().get(self.name)
        if there is None:
            return
        try:
            self.scene.stack.shell.run(
                docker.stop(there.id), what=f"Stopping {self.name}", seconds=_STOP_SECONDS
            )
        except CommandFailed as failure:
            self.scene.warn(f"{failure.message} Its job goes back when its lease has run out.")
        if self.scene.previous:
            keep_log(self.scene.stack, there, self.scene.folder(self.scene.previous))
