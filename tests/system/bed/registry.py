"""A real registry of images, which lets nobody in without a login: distribution, built from Go.

Docker speaks to 127.0.0.1 without TLS, so its images have this address in their names.
"""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.running import running
from menuvo_ops.local.sources import Say
from tests.system.bed.binaries import REGISTRY, provide
from tests.system.bed.cache import locked
from tests.system.bed.engine import Engine

USER, TOKEN = "mwesox", "a-token-of-the-bed"
# The token by bcrypt, the only hash that the registry takes and no Python has any more.
_LOGIN = f"{USER}:$2y$05$abcdefghijklmnopqrstuuNZs0nzIsOUTehsrkpOeeaxq0o1Tcofe\n"


@dataclass(frozen=True)
class Registry:
    """`address` is what its references begin with."""

    port: int
    folder: Path
    user: str = USER
    token: str = TOKEN

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def reference(self, name: str, tag: str) -> str:
        return f"{self.address}/{self.user}/{name}:{tag}"

    def client(self, engine: Engine, folder: Path) -> dict[str, str]:
        """The environment of a client with an empty login of its own, kept in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        configuration: dict[str, object] = {}
        if own := engine.environment.get("DOCKER_CONFIG"):
            configuration["cliPluginsExtraDirs"] = [f"{own}/cli-plugins"]
        file = folder / "config.json"
        file.write_text(json.dumps(configuration))
        # As Docker makes it; it keeps the mode of one that is there.
        file.chmod(0o600)
        return {**engine.environment, "DOCKER_CONFIG": str(folder)}


@contextmanager
def running_registry(folder: Path, say: Say) -> Generator[Registry]:
    """Raises MissingProgram where it can neither be found nor built."""
    with locked("binaries"):
        program = provide(REGISTRY, say) / REGISTRY.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "htpasswd").write_text(_LOGIN)
    port = free_port()
    # JSON is YAML.
    configuration = {
        "version": "0.1",
        "log": {"level": "warn"},
        "storage": {
            "filesystem": {"rootdirectory": str(folder / "data")},
            "delete": {"enabled": True},
        },
        "http": {"addr": f"127.0.0.1:{port}", "secret": "of one run"},
        "auth": {"htpasswd": {"realm": "menuvo", "path": str(folder / "htpasswd")}},
    }
    file = folder / "config.yml"
    file.write_text(json.dumps(configuration))
    argv = [str(program), "serve", str(file)]
    with running(
        argv,
        log=folder / "registry.log",
        probe=HttpProbe(port, "/v2/", whatever_it_says=True),
        env={"OTEL_TRACES_EXPORTER": "none"},
    ):
        yield Registry(port, folder)
