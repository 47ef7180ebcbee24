"""What was raised, and whether somebody would hear of it."""

import json
from dataclasses import replace
from http import HTTPStatus
from itertools import takewhile
from typing import TypedDict, cast

from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.finding import Found, doubtful, ill, not_looked, well
from menuvo_ops.doctor.production.check import Checks
from menuvo_ops.environment.values import text
from menuvo_ops.rollout.edge import ask

# Checks by themselves, and those that are asked one after the other.
_WATCHED = ("/api/v1/endpoints/statuses", "/api/v1/suites/statuses")
_GATUS = "docker compose logs --tail 50 gatus; docker compose restart gatus"
_PATIENCE_SECONDS = 5


class _Result(TypedDict):
    success: bool
    timestamp: str


class _Named(TypedDict):
    name: str


class _Watched(_Named, total=False):
    group: str
    results: "list[_Result] | None"


def channel(ground: Deployed) -> Found:
    values = ground.environment.values
    names = {"GATUS_TELEGRAM_TOKEN": "Telegram", "ALERT_WEBHOOK_URL": "a webhook"}
    there = [told for name, told in names.items() if text(values, name)]
    if there:
        return well(f"Alerts go to {' and '.join(there)}.")
    return ill(
        "Nobody is told when something breaks.",
        fix="Set GATUS_TELEGRAM_TOKEN and GATUS_TELEGRAM_CHAT_ID in .env;"
        f" then: {ground.deploy_again}",
    )


def dead_man(ground: Deployed) -> Found:
    """What stands on this server cannot tell that this server is gone."""
    if text(ground.environment.values, "DEADMAN_URL"):
        return well("Somebody outside notices when this server falls silent.")
    return ill(
        "Nobody notices when this whole server is gone.",
        fix="Set DEADMAN_URL in .env (https://hc-ping.com/UUID: period 1 min, grace 4);"
        f" then: {ground.deploy_again}",
    )


def raised(ground: Deployed) -> Found:
    """As the status page tells everybody. Why it is so is found by the look at that part."""
    edge = ground.edge
    if edge is None:
        return not_looked("Nothing listens for guests.")
    page, unwell = replace(edge, domain=f"status.{edge.domain}"), dict[str, str]()
    for path in _WATCHED:
        status, body = ask(page, "GET", path, seconds=_PATIENCE_SECONDS)
        if status != HTTPStatus.OK:
            return ill(f"The status page is answered {status}.", fix=_GATUS)
        unwell |= unwell_in(body)
    if not unwell:
        return well("Nothing that is watched is down.")
    told = ", ".join(f"{name} since {since}" for name, since in unwell.items())
    return doubtful(f"Down: {told}.", fix="The alert names the runbook and the command.")


def unwell_in(body: bytes) -> "dict[str, str]":
    """From Gatus' list: what is down, and since which of the results that it still has, in UTC."""
    unwell: dict[str, str] = {}
    for one in cast("list[_Watched]", json.loads(body)):
        results = sorted(one.get("results") or [], key=lambda result: result["timestamp"])
        failing = list(takewhile(lambda result: not result["success"], reversed(results)))
        if failing:
            named = "/".join(filter(None, (one.get("group"), one["name"])))
            unwell[named] = f"{failing[-1]['timestamp'][:16].replace('T', ' ')} UTC"
    return unwell


CHECKS: Checks = {"alarms-raised": raised, "alarms-channel": channel, "alarms-dead-man": dead_man}
