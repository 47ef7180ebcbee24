from tests.menuvo_ops.backups.conftest import engine

__all__ = ["engine"]
