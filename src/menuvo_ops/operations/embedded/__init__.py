"""The verbs where everything runs as processes of this machine."""

from menuvo_ops.operations.embedded.down import down
from menuvo_ops.operations.embedded.logs import logs
from menuvo_ops.operations.embedded.report import report
from menuvo_ops.operations.embedded.restart import restart
from menuvo_ops.operations.embedded.up import up

__all__ = ["down", "logs", "report", "restart", "up"]
