"""Where a clone keeps what it runs with: everything in `.menuvo`, nothing elsewhere."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Clone:
    """A checkout of the repository."""

    root: Path

    @property
    def state(self) -> Path:
        return self.root / ".menuvo"

    @property
    def packages(self) -> Path:
        return self.state / "packages"

    @property
    def uv(self) -> Path:
        """Installed by the launcher where the machine has none."""
        return self.state / "uv/bin/uv"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def postgres(self) -> Path:
        return self.state / "postgres"

    @property
    def redis(self) -> Path:
        return self.state / "redis"

    @property
    def caddy(self) -> Path:
        return self.state / "caddy"

    @property
    def programs(self) -> Path:
        """Built here, each in a folder named by what pins it."""
        return self.state / "programs"

    @property
    def gatus(self) -> Path:
        return self.state / "gatus"

    @property
    def beszel(self) -> Path:
        return self.state / "beszel"

    @property
    def heartbeats(self) -> Path:
        """A file for each worker, by which it shows that it lives."""
        return self.state / "heartbeats"

    @property
    def storage(self) -> Path:
        return self.state / "storage"

    @property
    def backups(self) -> Path:
        """Beside the cluster and not in it: it outlives `menuvo down --delete-data`."""
        return self.state / "backups"

    @property
    def backups_lock(self) -> Path:
        """Held by whoever makes or restores a backup, and by what they started."""
        return self.state / "backups.lock"

    @property
    def restore(self) -> Path:
        """The journal of a restore that is under way, or was cut off."""
        return self.state / "restore.jsonl"

    @property
    def secrets(self) -> Path:
        return self.state / "secrets"

    @property
    def ports(self) -> Path:
        return self.state / "ports.json"

    @property
    def demo(self) -> Path:
        """What `menuvo-platform seed` printed."""
        return self.state / "demo.json"

    @property
    def lock(self) -> Path:
        """Held by the supervisor as long as it lives."""
        return self.state / "supervisor.lock"

    @property
    def control(self) -> Path:
        return self.state / "control.sock"


def this_clone() -> Clone:
    """The tool is installed in place, so its own file says where the clone is."""
    return Clone(Path(__file__).resolve().parents[3])
