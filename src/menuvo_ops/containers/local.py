"""The production on somebody's own machine: an environment of this clone's, the shared files."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

from menuvo_ops.commands.compose import Project
from menuvo_ops.environment import Deployment
from menuvo_ops.environment.writing import write
from menuvo_ops.local.paths import Clone

# Browsers and Docker both take any name below `localhost` for this machine.
DOMAIN = "menuvo.localhost"


@dataclass(frozen=True)
class Run:
    """What one start of the containers was made with; `variables` are for the compose file."""

    base_url: str
    release: str
    variables: Mapping[str, str]


@dataclass(frozen=True)
class LocalProduction:
    clone: Clone

    @property
    def deployment(self) -> Deployment:
        return Deployment(self.clone.state / "containers")

    @property
    def ports(self) -> Path:
        return self.deployment.directory / "ports.json"

    @property
    def demo(self) -> Path:
        """What `menuvo-platform seed` printed."""
        return self.deployment.directory / "demo.json"

    @property
    def project(self) -> Project:
        """Two clones side by side are two projects."""
        infra = self.clone.root / "infra"
        return Project(
            name=f"menuvo-{sha256(str(self.clone.root).encode()).hexdigest()[:8]}",
            files=(infra / "docker-compose.yml", infra / "docker-compose.local.yml"),
            env_file=self.deployment.env_file,
        )

    @property
    def runs(self) -> bool:
        return self._mark.exists()

    def current_run(self) -> Run:
        """What runs was started with; call it only while something does."""
        facts = cast("dict[str, str]", json.loads(self._mark.read_text()))
        variables = cast("dict[str, str]", facts["variables"])
        return Run(facts["base_url"], facts["release"], variables)

    def remember(self, run: Run) -> None:
        write(self._mark, json.dumps(asdict(run)).encode(), mode=0o600)

    def forget(self) -> None:
        self._mark.unlink(missing_ok=True)

    @property
    def _mark(self) -> Path:
        return self.deployment.directory / "run.json"
