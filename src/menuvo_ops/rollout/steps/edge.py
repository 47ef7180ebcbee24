"""Caddy takes over its new files without a restart, or keeps the old ones."""

from menuvo_ops.errors import ServiceFailed
from menuvo_ops.rollout.plan import INSTANCES
from menuvo_ops.rollout.steps.installing import install
from menuvo_ops.rollout.steps.step import Step

_SECONDS = 20


class Edge(Step):
    switches: bool = True
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return "Have Caddy take over its new files, and compare"

    def do(self) -> None:
        caddy = self.scene.caddy()
        caddy.reload()
        if not caddy.lives_by_its_files():
            raise ServiceFailed("Caddy goes on with its old configuration, although it said yes.")
        # A reload believes every instance to be well until it has asked.
        self.scene.until(
            lambda: all(caddy.upstream(name).fails == 0 for name in INSTANCES),
            _SECONDS,
            otherwise="After the reload Caddy does not reach both instances.",
        )

    def undo(self) -> None:
        install(self.scene, self.previous, instead_of=self.scene.target)
        self.scene.caddy().reload()
