"""Whether somebody would hear of it."""

from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.finding import Found, ill, well
from menuvo_ops.doctor.production.check import Checks
from menuvo_ops.environment import examine
from menuvo_ops.environment.values import text

_THEN = "then deploy the release that serves again"


def channel(ground: Deployed) -> Found:
    values = examine(ground.stack.deployment).values
    names = {"GATUS_TELEGRAM_TOKEN": "Telegram", "ALERT_WEBHOOK_URL": "a webhook"}
    there = [told for name, told in names.items() if text(values, name)]
    if there:
        return well(f"Alerts go to {' and '.join(there)}.")
    return ill(
        "Nobody is told when something breaks.",
        fix=f"Set GATUS_TELEGRAM_TOKEN and GATUS_TELEGRAM_CHAT_ID in .env; {_THEN}.",
    )


def dead_man(ground: Deployed) -> Found:
    """What stands on this server cannot tell that this server is gone."""
    if text(examine(ground.stack.deployment).values, "DEADMAN_URL"):
        return well("Somebody outside notices when this server falls silent.")
    return ill(
        "Nobody notices when this whole server is gone.",
        fix=f"Set DEADMAN_URL in .env (https://hc-ping.com/UUID: period 1 min, grace 4); {_THEN}.",
    )


CHECKS: Checks = {"alarms-channel": channel, "alarms-dead-man": dead_man}
