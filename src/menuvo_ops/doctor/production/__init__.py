"""What only a deployment on a server can suffer from."""

from menuvo_ops.doctor.examination import CHECKS
from menuvo_ops.doctor.production import (
    address,
    alarms,
    engine,
    monitoring,
    reachable,
    release,
    trials,
)
from menuvo_ops.doctor.production.check import Checks

CHECKS_OF_PRODUCTION: Checks = {
    **CHECKS,
    **release.CHECKS,
    **address.CHECKS,
    **reachable.CHECKS,
    **engine.CHECKS,
    **alarms.CHECKS,
    **trials.CHECKS,
    **monitoring.CHECKS,
}
