"""The new release is what serves: remembered, and the oldest ones make room."""

import shutil

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
        scene.archive.make_current(scene.target.number)
        provide_launcher(scene.archive)
        # The containers read the deployment's secrets; these were for the canary.
        shutil.rmtree(scene.folder(scene.target) / "secrets", ignore_errors=True)
        make_room(scene)

    def undo(self) -> None:
        if self.scene.previous:
            self.scene.archive.make_current(self.scene.previous.number)
