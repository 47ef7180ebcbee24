"""`menuvo logs` where everything runs in containers."""

from menuvo_ops.commands import compose
from menuvo_ops.containers.client import Client
from menuvo_ops.errors import Usage


def logs(client: Client, service: str | None, *, count: int, follow: bool) -> None:
    names = sorted(container.service for container in client.containers())
    if service is not None and service not in names:
        raise Usage(f"There is no service {service}.", hint=f"There are: {', '.join(names)}.")
    client.hand_over(compose.show_logs(client.project, service, lines=count, follow=follow))
