"""The steps of a rollout. Each may be done again, and each knows the way back."""

from menuvo_ops.rollout.plan import FOUNDATION, INSTANCES, WORKERS
from menuvo_ops.rollout.scene import Scene
from menuvo_ops.rollout.steps.canary import Canary
from menuvo_ops.rollout.steps.edge import Edge
from menuvo_ops.rollout.steps.first import Everything, Foundation, Rebuild
from menuvo_ops.rollout.steps.installing import Install
from menuvo_ops.rollout.steps.instances import ReplaceInstance
from menuvo_ops.rollout.steps.logins import CloseLogin, OpenLogin, OwnerPassword
from menuvo_ops.rollout.steps.migrating import Dump, FirstDump, Migrate
from menuvo_ops.rollout.steps.monitoring import Monitoring
from menuvo_ops.rollout.steps.services import ReplaceCompanion, ReplaceService, ReplaceWorker
from menuvo_ops.rollout.steps.settling import Settle
from menuvo_ops.rollout.steps.soaking import Soak
from menuvo_ops.rollout.steps.step import Step

_NAMED: dict[str, type[Step]] = {
    "dump": Dump,
    "first-dump": FirstDump,
    "owner-password": OwnerPassword,
    "open-login": OpenLogin,
    "migrate": Migrate,
    "canary": Canary,
    "install": Install,
    "edge": Edge,
    "soak": Soak,
    "foundation": Foundation,
    "everything": Everything,
    "rebuild": Rebuild,
    "close-login": CloseLogin,
    "monitoring": Monitoring,
    "settle": Settle,
}


def step(name: str, scene: Scene) -> Step:
    """By the name that the plan gave it: a word of its own, or a service's."""
    if name in INSTANCES:
        return ReplaceInstance(name, scene)
    if name in WORKERS:
        return ReplaceWorker(name, scene)
    if name in FOUNDATION:
        return ReplaceService(name, scene)
    return _NAMED.get(name, ReplaceCompanion)(name, scene)
