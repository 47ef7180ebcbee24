"""Whether a bucket lets in whoever comes with the new key, or at the new address."""

from collections.abc import Iterator

from menuvo_ops.environment.values import text
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.errors import CommandFailed
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.scene import Scene

_SECONDS = 120
# Of each family of names, whose container can try it out, and how.
_TRIES = {
    "S3_": ("canary", ["menuvo-platform", "check"]),
    "BACKUP_S3_": ("backup-verify", ["menuvo-backup", "check"]),
}
# A check tells of all that it finds. These may only come true with the deploy itself.
_OF_OTHERS = ("DATABASE_URL: ", "REDIS_URL: ", "The schema is at ")


def buckets(scene: Scene) -> Iterator[Problem]:
    for family, (service, argv) in _TRIES.items():
        if _is_changed(scene, family):
            yield from _try_out(scene, service, argv)


def _is_changed(scene: Scene, family: str) -> bool:
    if scene.previous is None:
        return False
    before, after = scene.values(scene.previous), scene.values(scene.target)
    names = (name for name in VARIABLES if name.startswith(family))
    return any(text(before, name) != text(after, name) for name in names)


def _try_out(scene: Scene, service: str, argv: list[str]) -> Iterator[Problem]:
    project = scene.project(scene.target, apart=True)
    try:
        scene.stack.run_task(project, service, argv, seconds=_SECONDS)
    except CommandFailed as failure:
        told = failure.hint.splitlines() or [failure.message]
        for line in told:
            if not line.startswith(_OF_OTHERS):
                yield Problem(line.rstrip("."), "Mend it, and nothing was changed until then.")
