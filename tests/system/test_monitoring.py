"""`./menuvo up --monitoring` as its user meets it: everything is asked, measured and well."""

import json
import shutil
from collections.abc import Generator
from typing import Any

import httpx
import pytest

from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.local.leftovers import find_leftovers
from menuvo_ops.local.monitoring.alerts import way_to
from menuvo_ops.local.monitoring.services import EMAIL, PASSWORD_FILE
from menuvo_ops.local.paths import Clone
from menuvo_ops.monitoring.hub import Hub, log_in
from tests.menuvo_ops.waiting import eventually
from tests.monitoring import lend
from tests.system.clone import Stack, copy_checkout, describe, menuvo, share_packages

CHECKS = {
    *("Menus", "Orders", "Live updates", "Monitoring"),
    *("Database", "Instance A", "Instance B", "Background work", "Failed work", "Proxy"),
}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    root = tmp_path_factory.mktemp("watched") / "menuvo"
    copy_checkout(root)
    share_packages(root)
    lend(Clone(root))
    try:
        menuvo(root, "up", "--detach", "--monitoring")
        yield describe(root)
    finally:
        menuvo(root, "down")
        shutil.rmtree(root, ignore_errors=True)


def answers(watched: Stack) -> dict[str, bool]:
    """What the status page says of each check that it has made."""
    api = f"{watched.service('gatus')['url']}/api/v1"
    endpoints = httpx.get(f"{api}/endpoints/statuses").json()
    suites = httpx.get(f"{api}/suites/statuses").json()
    asked = [suite["results"][-1] for suite in suites if suite["results"]]
    steps = [step for one in asked for step in one["endpointResults"]]
    alone = {one["name"]: one["results"][-1]["success"] for one in endpoints}
    return alone | {step["name"]: step["success"] for step in steps}


def hub(watched: Stack) -> Hub:
    port = json.loads((watched.root / ".menuvo/ports.json").read_text())["beszel"]
    return log_in(way_to(port), EMAIL, Redacted((watched.root / PASSWORD_FILE).read_text()))


def test_the_status_page_says_that_all_is_well(watched: Stack) -> None:
    eventually(lambda: watched.service("gatus")["state"] == "healthy", within=60)
    eventually(lambda: answers(watched) == dict.fromkeys(CHECKS, True), within=90)


def test_the_hub_shows_this_machine_with_figures_and_has_the_alerts(watched: Stack) -> None:
    """It asks for the first time thirteen seconds after its start."""
    eventually(lambda: watched.service("beszel-alerts")["state"] == "done", within=60)
    assert set(hub(watched).thresholds()) == {"CPU", "Memory", "Disk", "LoadAvg5", "Status"}

    def is_up() -> bool:
        system = hub(watched).system()
        return system is not None and system.status == "up"

    eventually(is_up, within=60)
    [system] = hub(watched)._records("systems")
    figures: Any = system["info"]
    assert figures["mp"] > 0
    assert figures["dp"] > 0


def test_down_stops_them_with_everything_else(watched: Stack) -> None:
    assert watched.service("gatus")["pid"] in find_leftovers(watched.root / ".menuvo")
    watched.menuvo("down")
    assert find_leftovers(watched.root / ".menuvo") == []
