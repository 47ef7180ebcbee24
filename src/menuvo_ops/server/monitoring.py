"""`menuvo monitoring`, as it is typed on a server."""

from menuvo_ops.environment import Deployment, examine
from menuvo_ops.monitoring.provisioning import provision
from menuvo_ops.monitoring.reaching import reach
from menuvo_ops.monitoring.wanted import wanted
from menuvo_ops.rollout.stack import Stack, project_name
from menuvo_ops.rollout.telling import Ended, Noted
from menuvo_ops.server.arguments import Arguments
from menuvo_ops.server.session import listening


def monitoring(arguments: Arguments, _given: list[str]) -> int:
    stack = Stack(Deployment(arguments.directory.resolve()))
    stack.require_engine()
    _, told = listening(arguments)
    try:
        environment = examine(stack.deployment)
        there = stack.containers(project_name(stack.deployment.env_file))
        changed = provision(reach(environment, there.get("caddy")), wanted(environment.values))
        for one in changed:
            told.tell(Noted(f"{one} It is mended."))
        told.tell(Ended("done", 0, "Beszel is as it is wanted."))
        return 0
    finally:
        told.close()
