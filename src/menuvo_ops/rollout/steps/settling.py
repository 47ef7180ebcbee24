"""The new release is what serves: remembered, and the oldest ones make room."""

import shutil

from menuvo_ops.errors import OpsError
from menuvo_ops.rollout.launcher import provide_launcher
from menuvo_ops.rollout.pruning import prune
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
        try:
            for told in prune(scene.stack, scene.archive):
                scene.note(told)
        except (OpsError, OSError) as error:
            scene.warn(f"Old releases could not be removed: {error}")

    def undo(self) -> None:
        if self.scene.previous:
            self.scene.archive.make_current(self.scene.previous.number)
