"""`menuvo restart SERVICE`: politely stopped, started again, healthy."""

from menuvo_ops.errors import OpsError
from menuvo_ops.local import control
from menuvo_ops.local.paths import Clone
from menuvo_ops.terminal import talk


def restart(clone: Clone, service: str) -> None:
    with talk.status(f"Restarting {service}"):
        answer = control.ask(clone.control, {"verb": "restart", "service": service})
    if answer is None:
        raise OpsError("Menuvo is not running.", hint="Start it with: ./menuvo up")
    talk.print(f"{service} is healthy again.")
