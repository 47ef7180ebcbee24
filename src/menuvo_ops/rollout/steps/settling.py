"""The new release is what serves: remembered, and the oldest ones make room."""

import shutil

from menuvo_ops.errors import OpsError
from menuvo_ops.rollout.database import revision
from menuvo_ops.rollout.launcher import provide_launcher
from menuvo_ops.rollout.pruning import make_room
from menuvo_ops.rollout.steps.step import Step


class Settle(Step):
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return f"Remember release {self.scene.target.name}, remove what is older than three"

    def do(self) -> None:
        scene = self.scene
        self._look_at_the_schema()
        scene.archive.make_current(scene.target.number)
        provide_launcher(scene.archive)
        # The containers read the deployment's secrets; these were for the canary.
        shutil.rmtree(scene.folder(scene.target) / "secrets", ignore_errors=True)
        make_room(scene)

    def _look_at_the_schema(self) -> None:
        """No release takes a schema back: one that comes back runs on a newer one."""
        scene, head = self.scene, self.scene.target.schema.head
        try:
            applied = revision(scene)
        except OpsError:
            # What is only told must not stop what is done.
            return
        scene.schema_ahead = applied is not None and applied > head
        if scene.schema_ahead:
            scene.note(f"The database stays at schema {applied}; this release made {head}.")

    def undo(self) -> None:
        if self.scene.previous:
            self.scene.archive.make_current(self.scene.previous.number)
