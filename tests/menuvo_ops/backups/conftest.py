from pathlib import Path

import pytest
from tests.menuvo_ops.backups.engine import Engine, provide

from menuvo_ops.rollout.preflight import machine


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    set_memory(tmp_path, monkeypatch, mib=2000)
    return provide(tmp_path, monkeypatch)


def set_memory(folder: Path, monkeypatch: pytest.MonkeyPatch, *, mib: int) -> None:
    meminfo = folder / "meminfo"
    meminfo.write_text(f"MemAvailable: {mib * 1024} kB\n")
    monkeypatch.setattr(machine, "_MEMINFO", meminfo)
