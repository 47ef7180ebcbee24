"""A deploy that serves does not fail because of what watches it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from menuvo_ops.errors import Interrupted, ServiceFailed
from menuvo_ops.rollout.steps.monitoring import Monitoring


@dataclass
class Troubled:
    """A scene in which Beszel is waited for in vain."""

    directory: Path
    interruption: Interrupted | None = None
    warned: list[str] = field(default_factory=list[str])
    target: None = None
    domain: str = "menuvo.example.org"

    def folder(self, _release: None) -> Path:
        return self.directory

    def containers(self) -> dict[str, Any]:
        return {}

    def until(self, _condition: object, _seconds: float, *, otherwise: str) -> None:
        raise self.interruption or ServiceFailed(otherwise)

    def warn(self, sentence: str) -> None:
        self.warned.append(sentence)


def test_a_beszel_that_does_not_answer_is_a_warning_with_the_command(tmp_path: Path) -> None:
    scene: Any = Troubled(tmp_path)
    Monitoring("monitoring", scene).do()
    [warning] = scene.warned
    assert "monitor.menuvo.example.org does not answer." in warning
    assert warning.endswith("menuvo monitoring")


def test_whoever_interrupts_the_deploy_meanwhile_is_heard(tmp_path: Path) -> None:
    scene: Any = Troubled(tmp_path, Interrupted("Ctrl-C"))
    with pytest.raises(Interrupted):
        Monitoring("monitoring", scene).do()
    assert scene.warned == []
