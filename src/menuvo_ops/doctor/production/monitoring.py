"""Whether Beszel watches this server and would tell of it."""

from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.finding import Found, ill, well
from menuvo_ops.doctor.production.check import Checks
from menuvo_ops.environment import examine
from menuvo_ops.monitoring.provisioning import deviations, require_system
from menuvo_ops.monitoring.reaching import reach
from menuvo_ops.monitoring.wanted import wanted


def watched(ground: Deployed) -> Found:
    environment = examine(ground.deployment)
    hub = reach(environment, ground.containers.get("caddy"))
    told = [one.told for one in deviations(hub, wanted(environment.values))]
    if told:
        return ill(" ".join(told), fix="menuvo monitoring")
    status = require_system(hub).status
    if status in {"down", "paused"}:
        return ill(
            f"Beszel does not hear its agent: {status}.",
            fix=ground.words.logs_of("beszel-agent"),
        )
    return well("Beszel watches this server, and has its alerts.")


CHECKS: Checks = {"monitoring": watched}
