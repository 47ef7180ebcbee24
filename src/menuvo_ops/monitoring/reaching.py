"""The way to Beszel's hub: the one that its people take, past the edge and with a login."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from http.client import HTTPException

from menuvo_ops.environment import Environment
from menuvo_ops.errors import ServiceFailed
from menuvo_ops.monitoring.hub import Ask, Hub, log_in
from menuvo_ops.rollout.containers import Container
from menuvo_ops.rollout.edge import ask as ask_at
from menuvo_ops.rollout.edge import find_edge

_SECONDS = 10


def reach(environment: Environment, caddy: "Container | None") -> Hub:
    """Logged in. Raises ServiceFailed."""
    ask = _way(environment, caddy)
    email, password = environment["BESZEL_USER_EMAIL"], environment.secret("BESZEL_USER_PASSWORD")
    return log_in(ask, email, password)


def answers(environment: Environment, caddy: "Container | None") -> bool:
    """Before a certificate for its name is there, nobody gets through to it."""
    try:
        status, _ = _way(environment, caddy)("GET", "/api/health", {}, b"")
    except ServiceFailed:
        return False
    return status == HTTPStatus.OK


def _way(environment: Environment, caddy: "Container | None") -> Ask:
    edge = find_edge(environment, caddy)
    if edge is None:
        raise ServiceFailed("Nothing listens for guests.", hint="docker compose up --detach caddy")
    monitor = replace(edge, domain=f"monitor.{edge.domain}")

    def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> "tuple[int, bytes]":
        try:
            return ask_at(monitor, method, path, seconds=_SECONDS, headers=headers, body=body)
        except (OSError, HTTPException) as error:
            raise ServiceFailed(
                f"{monitor.domain} does not answer: {error}",
                hint="docker compose logs --tail 50 caddy",
            ) from error

    return ask
