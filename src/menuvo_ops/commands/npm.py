"""npm as argument lists."""

from pathlib import Path


def install(npm: Path, folder: Path) -> list[str]:
    """Exactly what the lock file names, each checked by its hash, and none of their scripts run."""
    return [str(npm), "ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund"]


def build(npm: Path, folder: Path) -> list[str]:
    return [str(npm), "run", "--prefix", str(folder), "build"]
