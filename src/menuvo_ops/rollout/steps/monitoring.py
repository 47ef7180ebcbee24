"""Beszel is told what to watch, and whom to tell."""

from menuvo_ops.environment import Deployment, examine
from menuvo_ops.errors import ServiceFailed
from menuvo_ops.monitoring.provisioning import provision
from menuvo_ops.monitoring.reaching import answers, reach
from menuvo_ops.monitoring.wanted import wanted
from menuvo_ops.rollout.steps.step import Step

# A certificate for its name may still be on its way.
_SECONDS = 30


class Monitoring(Step):
    @property
    def sentence(self) -> str:
        return "Tell Beszel when to raise an alarm, and whom to tell"

    def do(self) -> None:
        """A deploy that serves is no failure because of what watches it."""
        scene = self.scene
        try:
            for told in self._provision():
                scene.note(f"{told} It is mended.")
        except ServiceFailed as failure:
            scene.warn(
                f"Beszel may not raise an alarm: {failure.message} {failure.hint}"
                " Afterwards: menuvo monitoring"
            )

    def _provision(self) -> "list[str]":
        scene = self.scene
        environment = examine(Deployment(scene.folder(scene.target)))
        caddy = scene.containers().get("caddy")
        scene.until(
            lambda: answers(environment, caddy),
            _SECONDS,
            otherwise=f"monitor.{scene.domain} does not answer.",
        )
        return provision(reach(environment, caddy), wanted(environment.values))
