"""SIGTERM is the drain signal: a real instance, asked to stop."""

import json
import signal
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from menuvo_platform.settings import Settings
from tests.instances import running_instance

pytestmark = pytest.mark.slow


def test_it_says_not_ready_at_once_and_goes_on_serving(settings: Settings, tmp_path: Path) -> None:
    with running_instance(settings, tmp_path, DRAIN_SECONDS="1") as instance:
        kept_open = httpx.Client(base_url=instance.url)
        assert kept_open.get("/ready").status_code == 200
        instance.process.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        while kept_open.get("/ready").status_code == 200:
            assert time.monotonic() - asked < 0.5
        served = 0
        while time.monotonic() - asked < 0.8:
            answer = httpx.get(f"{instance.url}/live")
            assert answer.status_code == 200
            assert answer.headers["connection"] == "close"
            served += 1
        assert served > 0
        assert instance.process.wait(10) == 0
        assert 1 <= time.monotonic() - asked < 8


def test_a_second_signal_does_not_wait(settings: Settings, tmp_path: Path) -> None:
    with running_instance(settings, tmp_path, DRAIN_SECONDS="30") as instance:
        instance.process.send_signal(signal.SIGTERM)
        while httpx.get(f"{instance.url}/ready").status_code == 200:
            pass
        instance.process.send_signal(signal.SIGTERM)
        assert instance.process.wait(10) == 0


def test_its_logs_are_json_with_release_and_request_and_without_addresses_of_orders(
    settings: Settings, tmp_path: Path
) -> None:
    with running_instance(settings, tmp_path, DRAIN_SECONDS="0") as instance:
        headers = {"x-request-id": "0123456789abcdef"}
        httpx.get(f"{instance.url}/some-store/orders/SecretTrackingToken", headers=headers)
    lines = [json.loads(line) for line in instance.log.read_text().splitlines()]
    [request] = [line for line in lines if line.get("request_id") == "0123456789abcdef"]
    assert (request["event"], request["release"]) == ("request", "test-release")
    assert "SecretTrackingToken" not in instance.log.read_text()


def test_behind_a_proxy_that_ends_tls_forms_of_the_site_are_taken_and_others_are_not(
    settings: Settings, tmp_path: Path
) -> None:
    site = replace(settings, public_url="https://menuvo.test", drain_seconds=0)
    by_proxy = {"host": "menuvo.test", "x-forwarded-proto": "https"}
    with (
        running_instance(site, tmp_path) as instance,
        httpx.Client(base_url=instance.url, headers=by_proxy) as client,
    ):
        form = {"email": "nobody@menuvo.test", "password": "wrong"}
        ours = client.post("/console/login", data=form, headers={"origin": "https://menuvo.test"})
        assert ours.status_code not in {403, 500}
        other = client.post(
            "/console/login", data=form, headers={"origin": "https://console.menuvo.test"}
        )
        assert other.status_code == 403
        assert all("Secure" in cookie for cookie in ours.headers.get_list("set-cookie"))
