"""The instance on trial: as healthy as those that serve, with none of their requests."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.system.bed.project import RunningProject
from tests.system.production.stack import Production

pytestmark = pytest.mark.core

MIB = 1024 * 1024
REQUESTS = 60


@pytest.fixture(scope="module")
def tasks(production: Production) -> Generator[RunningProject]:
    """Production with a canary in it, started as a deploy starts one."""
    with_tasks = replace(production.project.project, profiles=("tasks",))
    production.compose("--profile=tasks", "up", "--detach", "--no-deps", "--wait", "canary")
    yield replace(production.project, project=with_tasks)
    production.compose("--profile=tasks", "rm", "--stop", "--force", "canary")


@pytest.fixture
def canary(tasks: RunningProject) -> dict[str, Any]:
    return tasks.inspect("canary")


def answered(project: RunningProject, service: str) -> float:
    """What the instance itself has counted."""
    told = project.execute(service, "menuvo-platform", "metrics")
    [requests] = [
        family
        for family in text_string_to_metric_families(told)
        if family.name == "menuvo_http_requests"
    ]
    return sum(one.value for one in requests.samples if one.name.endswith("_total"))


def test_a_canary_gets_healthy_within_its_bounds(canary: dict[str, Any]) -> None:
    assert canary["State"]["Health"]["Status"] == "healthy"
    host = canary["HostConfig"]
    assert host["Memory"] == host["MemorySwap"] == 512 * MIB
    assert host["NanoCpus"] == 1e9
    assert host["RestartPolicy"]["Name"] == "no"
    assert host["ReadonlyRootfs"]
    assert canary["Config"]["StopTimeout"] == 5


def test_a_canary_has_what_an_instance_has(production: Production, canary: dict[str, Any]) -> None:
    other = production.project.inspect("platform-a")
    own = {"MENUVO_INSTANCE=canary", "DRAIN_SECONDS=0"}
    assert set(canary["Config"]["Env"]) - set(other["Config"]["Env"]) == own
    assert canary["NetworkSettings"]["Networks"].keys() == (
        other["NetworkSettings"]["Networks"].keys()
    )
    assert {mount["Destination"] for mount in canary["Mounts"]} == (
        {mount["Destination"] for mount in other["Mounts"]}
    )


def test_nothing_is_routed_to_a_canary(production: Production, tasks: RunningProject) -> None:
    before = {name: answered(tasks, name) for name in ("platform-a", "platform-b")}
    for _ in range(REQUESTS):
        assert production.request(production.demo["menu_path"]).status_code == 200
    after = {name: answered(tasks, name) for name in before}
    assert sum(after.values()) - sum(before.values()) == REQUESTS
    assert all(after[name] > before[name] for name in before)
    assert answered(tasks, "canary") == 0


def test_a_canary_leaves_quickly_and_well(tasks: RunningProject, production: Production) -> None:
    production.compose("--profile=tasks", "stop", "canary")
    assert tasks.inspect("canary")["State"]["ExitCode"] == 0
