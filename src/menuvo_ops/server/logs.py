"""`menuvo logs`, as it is typed on a server."""

from menuvo_ops.environment import Deployment
from menuvo_ops.errors import NotReady
from menuvo_ops.logs.asking import Asked
from menuvo_ops.logs.containers import Containers
from menuvo_ops.logs.telling import tell
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.stack import Stack, project_name
from menuvo_ops.server.arguments import Arguments


def logs(arguments: Arguments, _given: list[str]) -> int:
    asked = Asked(
        services=tuple(arguments.services),
        since=arguments.since,
        grep=arguments.grep,
        level=arguments.level,
        lines=arguments.lines,
        follow=arguments.follow,
    )
    asked.require_sense()
    stack = Stack(Deployment(arguments.directory.resolve()))
    stack.require_engine()
    source = Containers(stack.shell, _project(stack))
    tell(source, asked, as_json=arguments.json, lifeline=arguments.lifeline)
    return 0


def _project(stack: Stack) -> str:
    """By the release that serves; else by what lies here, as whoever works by hand has it."""
    archive = Archive(stack.directory)
    current = archive.current()
    environment = archive.folder(current.number) / ".env" if current else stack.deployment.env_file
    if not environment.is_file():
        raise NotReady("Nothing was deployed here yet.", hint="Run: menuvo deploy")
    return project_name(environment)
