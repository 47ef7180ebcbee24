"""Whether the new release is one that may follow the one that serves."""

from collections.abc import Iterator

from menuvo_ops.errors import CommandFailed
from menuvo_ops.rollout.plan import needs_maintenance
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.scene import Scene


def identity(scene: Scene) -> Iterator[Problem]:
    """What makes another production of the same folder."""
    if scene.previous is None:
        return
    before, after = scene.project(scene.previous).name, scene.project(scene.target).name
    if before != after:
        yield Problem(
            f"COMPOSE_PROJECT_NAME is {after} and was {before}: all volumes would be new ones",
            "Set it back.",
        )


def new_edge(scene: Scene) -> Iterator[Problem]:
    if not scene.changed.edge:
        return
    argv = ["caddy", "validate", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
    project = scene.project(scene.target, apart=True)
    try:
        scene.stack.run_task(project, "caddy", argv, seconds=60)
    except CommandFailed as failure:
        last = (failure.hint.splitlines() or [""])[-1]
        yield Problem(f"Caddy refuses the new configuration: {last}", "Mend it and deploy again.")


def maintenance(scene: Scene) -> Iterator[Problem]:
    if scene.options.maintenance:
        return
    for told in needs_maintenance(scene.changed):
        yield Problem(told, "Choose a quiet hour and add --maintenance.")
