"""Everything that can be known before anything changes; all that is wrong is told together."""

from menuvo_ops.errors import OpsError
from menuvo_ops.rollout.preflight import database, keys, machine, release, running
from menuvo_ops.rollout.preflight.problem import Check, Problem, refusal
from menuvo_ops.rollout.scene import Scene

_FIRST: tuple[Check, ...] = (
    *(machine.rights, machine.disk, machine.memory),
    *(running.strangers, machine.ports),
)
_GOING_BACK: tuple[Check, ...] = (
    *(machine.rights, release.identity, machine.disk),
    *(database.schema, release.maintenance),
)
_DEPLOYING: tuple[Check, ...] = (
    *(machine.rights, release.identity, machine.disk, machine.memory),
    *(running.health, running.drift, running.edge, release.new_edge),
    *(database.backup, database.schema, release.maintenance, keys.buckets),
)


def require_ready(scene: Scene, *, going_back: bool) -> None:
    """Raises NotReady with every problem."""
    found = problems(scene, going_back=going_back)
    if found:
        raise refusal(found)


def problems(scene: Scene, *, going_back: bool) -> list[Problem]:
    """The way back asks less: it needs neither a healthy release nor a fresh backup."""
    found: list[Problem] = []
    checks = _FIRST if scene.previous is None else _GOING_BACK if going_back else _DEPLOYING
    for check in checks:
        try:
            found += check(scene)
        except OpsError as error:
            found.append(Problem(error.message.rstrip("."), error.hint))
    return found
