"""The first deploy onto an empty server, and the one that starts everything anew."""

from collections.abc import Sequence

from menuvo_ops.commands import compose
from menuvo_ops.rollout.plan import TASKS
from menuvo_ops.rollout.probe import answers
from menuvo_ops.rollout.steps.installing import install
from menuvo_ops.rollout.steps.step import Step

_SECONDS = 300
# Until the proxy has asked both instances, and a certificate of its own is made.
_EDGE_SECONDS = 60


class Foundation(Step):
    services: Sequence[str] = ("postgres", "redis")
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return "Put the files in place and start the database and the queue"

    def do(self) -> None:
        scene = self.scene
        install(scene, scene.target, instead_of=None)
        scene.stack.start(
            scene.project(scene.target),
            self.services,
            seconds=_SECONDS,
            interruption=scene.interruption,
        )

    def undo(self) -> None:
        """The volumes stay: whatever is in them is for the next try."""
        argv = compose.remove(self.scene.project(self.scene.target), volumes=False)
        self.scene.stack.shell.run(argv, what="Removing what was started", seconds=_SECONDS)


class Everything(Step):
    switches: bool = True

    @property
    def sentence(self) -> str:
        return "Start everything"

    def do(self) -> None:
        scene = self.scene
        project = scene.project(scene.target)
        services = sorted(set(scene.stack.config_hashes(project)) - TASKS)
        scene.stack.start(project, services, seconds=_SECONDS, interruption=scene.interruption)
        scene.until(
            lambda: (edge := scene.edge(scene.target)) is not None and answers(edge),
            _EDGE_SECONDS,
            otherwise="Everything is healthy, but the edge does not answer as it should.",
        )


class Rebuild(Step):
    """Networks or volumes are described anew: nothing can stay up through that."""

    switches: bool = True
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return "Stop everything and start it anew"

    def do(self) -> None:
        self._start_anew(of_target=True)

    def undo(self) -> None:
        install(self.scene, self.previous, instead_of=self.scene.target)
        self._start_anew(of_target=False)

    def _start_anew(self, *, of_target: bool) -> None:
        scene = self.scene
        before, after = self.previous, scene.target
        if not of_target:
            before, after = after, before
        argv = compose.remove(scene.project(before), volumes=False)
        scene.stack.shell.run(argv, what="Stopping everything", seconds=_SECONDS)
        project = scene.project(after)
        services = sorted(set(scene.stack.config_hashes(project)) - TASKS)
        scene.stack.start(project, services, seconds=_SECONDS, interruption=scene.interruption)
