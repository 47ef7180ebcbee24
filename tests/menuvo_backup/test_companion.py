from pathlib import Path

import pytest

from menuvo_backup import companion
from menuvo_backup.companion import keeping
from tests.menuvo_ops.waiting import eventually


def test_one_that_cannot_be_started_now_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(companion, "_LONGEST_PAUSE_SECONDS", 0.05)
    program, told = tmp_path / "program", tmp_path / "told"
    with keeping("archiver", [str(program)]):
        eventually(lambda: "companion_not_started" in capfd.readouterr().out, within=10)
        program.write_text(f"#!/bin/sh\necho well >{told}\nexec sleep 60\n")
        program.chmod(0o755)
        eventually(told.exists, within=10)
