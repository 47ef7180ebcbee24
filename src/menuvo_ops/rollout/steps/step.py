"""What all steps have in common."""

from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.scene import Scene


class Step:
    # Whether guests or jobs meet something else once it was begun.
    switches: bool = False
    can_undo: bool = False

    def __init__(self, name: str, scene: Scene) -> None:
        self.name: str = name
        self.scene: Scene = scene

    @property
    def sentence(self) -> str:
        raise NotImplementedError

    def do(self) -> None:
        raise NotImplementedError

    def undo(self) -> None:
        """Only asked of what says that it can."""
        raise NotImplementedError

    @property
    def previous(self) -> Release:
        """Only the first deploy has none, and its steps do not ask."""
        previous = self.scene.previous
        assert previous is not None  # noqa: S101, the plan sees to it
        return previous
