"""What the running Caddy says of itself, asked inside its container."""

import json
from dataclasses import dataclass
from typing import TypedDict, cast

from menuvo_ops.errors import CommandFailed, ServiceFailed
from menuvo_ops.rollout.containers import Container
from menuvo_ops.rollout.stack import Stack

# Not by the name localhost, which is ::1 first.
_ADMIN = "http://127.0.0.1:2019"
_CADDYFILE = "/etc/caddy/Caddyfile"
_PLATFORM_PORT = 3000


class _Upstream(TypedDict):
    address: str
    num_requests: int
    fails: int


@dataclass(frozen=True)
class Upstream:
    """How the proxy sees one instance: what it has open there, and how often it failed lately."""

    requests: int
    fails: int


@dataclass(frozen=True)
class Caddy:
    stack: Stack
    container: Container

    def upstream(self, service: str) -> Upstream:
        listed = cast("list[_Upstream]", json.loads(self._ask("/reverse_proxy/upstreams")))
        for one in listed:
            if one["address"] == f"{service}:{_PLATFORM_PORT}":
                return Upstream(one["num_requests"], one["fails"])
        raise ServiceFailed(f"Caddy does not know {service}.", hint="Is it in the Caddyfile?")

    def reload(self) -> None:
        """Raises ServiceFailed when Caddy refuses; then the old configuration goes on."""
        argv = ["caddy", "reload", "--config", _CADDYFILE, "--adapter", "caddyfile", "--force"]
        try:
            self.stack.execute(self.container, argv, seconds=60)
        except CommandFailed as failure:
            raise ServiceFailed("Caddy refused its new files.", hint=failure.hint) from failure

    def lives_by_its_files(self) -> bool:
        """Whether what runs is what the files say: a reload can be forgotten, or fail."""
        adapted = self.stack.execute(
            self.container, ["caddy", "adapt", "--config", _CADDYFILE, "--adapter", "caddyfile"]
        )
        wanted = cast("object", json.loads(adapted))
        return wanted == cast("object", json.loads(self._ask("/config/")))

    def _ask(self, path: str) -> str:
        argv = ["wget", "-q", "-T", "5", "-O", "-", _ADMIN + path]
        return self.stack.execute(self.container, argv)
