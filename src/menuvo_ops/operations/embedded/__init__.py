"""The verbs where everything runs as processes of this machine."""

from menuvo_ops.operations.embedded.backups.ground import Ground
from menuvo_ops.operations.embedded.backups.verbs import backups
from menuvo_ops.operations.embedded.down import down
from menuvo_ops.operations.embedded.examining import doctor, parts
from menuvo_ops.operations.embedded.report import report
from menuvo_ops.operations.embedded.restart import restart
from menuvo_ops.operations.embedded.up import up

__all__ = ["Ground", "backups", "doctor", "down", "parts", "report", "restart", "up"]
