"""The new instance beside the old one, under the same load: is it worse?"""

import time

from menuvo_ops.errors import OpsError, ServiceFailed
from menuvo_ops.rollout.plan import INSTANCES
from menuvo_ops.rollout.soak import Sample, difference, parse, verdict
from menuvo_ops.rollout.steps.step import Step

_METRICS = ["menuvo-platform", "metrics", "--port", "3000"]
_LOOK_EVERY = 2.0


class Soak(Step):
    """`platform-a` is new, `platform-b` is the control."""

    @property
    def sentence(self) -> str:
        seconds = self.scene.options.soak_seconds
        return f"Compare the new instance with the old one for {seconds:.0f} s"

    def do(self) -> None:
        scene = self.scene
        new, control = INSTANCES
        restarts = scene.container(new).restarts
        began = time.monotonic()
        before = {name: self._sample(name) for name in INSTANCES}
        while time.monotonic() - began < scene.options.soak_seconds:
            scene.interruption.pause(_LOOK_EVERY)
            there = scene.container(new)
            if there.restarts > restarts or not there.is_well:
                words = scene.stack.last_words(there.id)
                raise ServiceFailed(f"{new} fell over after its start: {there.word}.", hint=words)
            now = {name: self._sample(name) for name in INSTANCES}
            worse = verdict(
                difference(now[new], before[new]), difference(now[control], before[control])
            )
            if worse:
                raise ServiceFailed(f"{new} is worse than {control}: {worse}.")

    def _sample(self, name: str) -> Sample:
        """An instance that cannot be asked is one that fails."""
        container = self.scene.container(name)
        try:
            return parse(self.scene.stack.execute(container, _METRICS))
        except OpsError as error:
            raise ServiceFailed(f"{name} does not tell its figures.", hint=error.hint) from error
