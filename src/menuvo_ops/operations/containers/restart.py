"""`menuvo restart SERVICE` where everything runs in containers."""

from menuvo_ops.commands import compose
from menuvo_ops.containers.client import Client
from menuvo_ops.errors import Usage
from menuvo_ops.terminal import talk

_SECONDS = 120


def restart(client: Client, service: str) -> None:
    names = sorted(container.service for container in client.containers())
    if service not in names:
        raise Usage(
            f"There is no service {service} to restart.", hint=f"There are: {', '.join(names)}."
        )
    with talk.status(f"Restarting {service}"):
        client.compose(compose.restart(client.project, service), what=f"Restarting {service}")
        client.start([service], seconds=_SECONDS)
    talk.print(f"{service} is healthy again.")
