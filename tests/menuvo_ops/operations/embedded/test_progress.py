import pytest

from menuvo_ops.local.events import Note, Ready, Working
from menuvo_ops.operations.embedded.progress import Progress


def test_how_far_a_step_is_fills_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [Working(f"Building gatus: {done} of 800 packages") for done in range(800)]
    ended = Progress().follow([Note("Building gatus"), *steps, Note("gatus is built"), Ready()])
    assert ended == Ready()
    assert capsys.readouterr().err.split("\n")[:2] == ["Building gatus", "gatus is built"]
