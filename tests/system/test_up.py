"""`./menuvo up` as a new user meets it."""

import json
import subprocess

import httpx
import pytest

from tests.system.clone import Stack

pytestmark = pytest.mark.core

SERVICES = {
    "postgres",
    "redis",
    "platform-a",
    "platform-b",
    "worker-images",
    "worker-imports",
    "caddy",
}


@pytest.mark.parametrize("path", ["/live", "/health", "/ready"])
def test_health_is_answered_through_the_proxy(stack: Stack, path: str) -> None:
    answer = httpx.get(stack.base_url + path)
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_the_demo_menu_is_there_and_real(stack: Stack) -> None:
    page = httpx.get(stack.menu_url).text
    assert "Gasthaus Lindenhof" in page
    assert page.count('<li class="item') >= 75
    assert 'lang="en"' in httpx.get(stack.menu_url + "/en").text


def test_status_names_every_service_with_its_process_and_memory(stack: Stack) -> None:
    services = {service["name"]: service for service in stack.status()["services"]}
    assert services.keys() >= SERVICES
    for name in SERVICES:
        assert services[name]["state"] == "healthy"
        assert services[name]["pid"] > 0
        assert services[name]["resident_bytes"] > 1_000_000
    assert services["platform-a"]["url"].startswith("http://127.0.0.1:")


def test_every_answer_names_the_release_of_the_status(stack: Stack) -> None:
    assert httpx.get(stack.menu_url).headers["x-menuvo-release"] == stack.status()["release"]


def test_up_again_says_that_it_runs_and_changes_nothing(stack: Stack) -> None:
    before = stack.service("platform-a")["pid"]
    stack.menuvo("up", "--detach")
    assert stack.service("platform-a")["pid"] == before


def test_seeding_again_doubles_nothing(stack: Stack) -> None:
    page = httpx.get(stack.menu_url).text
    stack.menuvo("down")
    stack.menuvo("up", "--detach")
    assert httpx.get(stack.menu_url).text.count('<li class="item') == page.count('<li class="item')


def test_logs_of_one_service_can_be_read(stack: Stack) -> None:
    told = stack.menuvo("logs", "platform-a", "-n", "20", "--json").splitlines()
    assert {json.loads(line)["service"] for line in told} == {"platform-a"}
    assert "platform-a" in stack.menuvo("logs", "platform-a", "-n", "20")


def test_no_secret_is_in_a_log_or_an_argument(stack: Stack) -> None:
    secrets = [path.read_text().strip() for path in (stack.root / ".menuvo/secrets").iterdir()]
    assert len(secrets) >= 3
    logs = "".join(path.read_text() for path in (stack.root / ".menuvo/logs").glob("*.log"))
    arguments = subprocess.run(["ps", "axww"], capture_output=True, text=True, check=True).stdout
    for secret in secrets:
        assert secret not in logs
        assert secret not in arguments
