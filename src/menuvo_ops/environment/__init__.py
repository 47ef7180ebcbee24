"""The environment of a production. Standard library alone: it also runs on the server."""

from menuvo_ops.environment.deployment import Deployment, locate
from menuvo_ops.environment.production import Environment, examine, prepare

__all__ = ["Deployment", "Environment", "examine", "locate", "prepare"]
