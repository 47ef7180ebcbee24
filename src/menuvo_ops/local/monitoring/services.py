"""Gatus and Beszel as services beside the platform's. None of them is essential, and none starts
before guests are served."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from menuvo_ops.commands import beszel, gatus, process
from menuvo_ops.local.monitoring import checks
from menuvo_ops.local.monitoring.beszel import Folder
from menuvo_ops.local.monitoring.programs import Beszel, Programs
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.probes import HttpProbe, SocketProbe
from menuvo_ops.local.secrets import remembered_secret
from menuvo_ops.local.services import Service

PREFERRED_PORTS = {"gatus": 18083, "beszel": 18084}
EMAIL = "operator@menuvo.localhost"
PASSWORD_FILE = Path(".menuvo/secrets/beszel-password")

# Guests come first: it starts when they are served, and nobody waits for it.
_beside = partial(Service, needs=("caddy",), grace=5, essential=False)


def ports_for(programs: Programs | None) -> Mapping[str, int]:
    """Those that are preferred, of what there is to run."""
    there = {"gatus": programs is not None, "beszel": bool(programs and programs.beszel)}
    return {name: port for name, port in PREFERRED_PORTS.items() if there[name]}


@dataclass(frozen=True)
class Monitoring:
    """`ports` are those of the whole stack; people enter it at `base_url`."""

    clone: Clone
    programs: Programs
    ports: Mapping[str, int]
    base_url: str

    def services(self) -> list[Service]:
        return [
            self._gatus(),
            *(self._beszel(self.programs.beszel) if self.programs.beszel else []),
        ]

    def furnish(self) -> None:
        """Write what they are told by files. Raises MissingProgram without ssh-keygen."""
        self.clone.gatus.mkdir(parents=True, exist_ok=True)
        self._configuration.write_text(self._checks())
        if self.programs.beszel:
            systems = (self.clone.root / "infra/beszel/config.yml").read_text()
            self._folder.furnish(systems, socket=self._socket)

    def _gatus(self) -> Service:
        port = self.ports["gatus"]
        return _beside(
            name="gatus",
            argv=_tethered(gatus.run(self.programs.gatus)),
            env=gatus.environment(
                self._configuration,
                domain=urlsplit(self.base_url).netloc,
                edge=f"http://127.0.0.1:{self.ports['caddy']}",
            ),
            probe=HttpProbe(port, "/health"),
            sign_of_life=HttpProbe(port, "/health", whatever_it_says=True),
            url=f"http://127.0.0.1:{port}",
        )

    def _beszel(self, programs: Beszel) -> list[Service]:
        port, folder = self.ports["beszel"], self._folder
        url = f"http://127.0.0.1:{port}"
        password = remembered_secret(self.clone.root / PASSWORD_FILE)
        hub = _beside(
            name="beszel",
            argv=_tethered(beszel.hub(programs.hub, folder.path, port=port)),
            env=beszel.hub_environment(url, email=EMAIL, password=password),
            probe=HttpProbe(port, "/api/health"),
            sign_of_life=HttpProbe(port, "/api/health", whatever_it_says=True),
            url=url,
        )
        agent = _beside(
            name="beszel-agent",
            argv=_tethered(beszel.agent(programs.agent)),
            env=beszel.agent_environment(
                folder.path, public_key=folder.public_key, socket=self._socket
            ),
            probe=SocketProbe(folder.socket),
        )
        alerts = _beside(
            name="beszel-alerts",
            argv=_tethered(self._provisioning(port)),
            needs=(hub.name,),
        )
        return [hub, agent, alerts]

    def _provisioning(self, port: int) -> list[str]:
        module = "menuvo_ops.local.monitoring.alerts"
        return [sys.executable, "-m", module, str(port), str(self.clone.root / PASSWORD_FILE)]

    def _checks(self) -> str:
        production = (self.clone.root / "infra/gatus/gatus.yaml").read_text()
        there = {name: self.ports[name] for name in checks.ADDRESSES if name in self.ports}
        ours = checks.relocated(
            production, port=self.ports["gatus"], data=self.clone.gatus, ports=there
        )
        # Without TLS nothing ends one day.
        ours = checks.without(ours, "Certificate")
        if not self.programs.beszel:
            ours = checks.without(ours, "Monitoring")
        return checks.leading_to(ours, self.base_url)

    @property
    def _configuration(self) -> Path:
        return self.clone.gatus / "gatus.yaml"

    @property
    def _folder(self) -> Folder:
        return Folder(self.clone.beszel)

    @property
    def _socket(self) -> str:
        """However deep the clone lies: the supervisor and what it starts work in its root."""
        return f"/proc/self/cwd/{self._folder.socket.relative_to(self.clone.root)}"


def _tethered(argv: list[str]) -> list[str]:
    return process.tethered(argv, "KILL")
