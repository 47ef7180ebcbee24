"""The verbs where everything runs in containers."""

from menuvo_ops.operations.containers.down import down
from menuvo_ops.operations.containers.restart import restart
from menuvo_ops.operations.containers.up import up

__all__ = ["down", "restart", "up"]
