"""Production's own checks, at the addresses of a clone."""

from pathlib import Path
from typing import Any

import yaml
from tests.conftest import CHECKOUT

from menuvo_ops.local.monitoring.checks import ADDRESSES, leading_to, relocated, without

PRODUCTION = (CHECKOUT / "infra/gatus/gatus.yaml").read_text()
PORTS = {name: 7000 + number for number, name in enumerate(ADDRESSES)}


def endpoints(checks: str) -> list[dict[str, Any]]:
    read = yaml.safe_load(checks)
    return [*read["endpoints"], *(one for suite in read["suites"] for one in suite["endpoints"])]


def names(checks: str) -> list[str]:
    return [one["name"] for one in endpoints(checks)]


def test_every_container_that_is_asked_is_asked_here() -> None:
    here = relocated(PRODUCTION, port=7100, data=Path("/d"), ports=PORTS)
    urls = [one["url"] for one in endpoints(here)]
    asked = {url.split("/")[2] for url in urls if not url.startswith("${EDGE_URL}/")}
    assert asked == {f"127.0.0.1:{port}" for port in PORTS.values()}
    assert not any(address in here for address in ADDRESSES.values())
    read = yaml.safe_load(here)
    assert read["web"] == {"address": "127.0.0.1", "port": 7100}
    assert read["storage"]["path"] == "/d/gatus.db"


def test_a_check_is_left_out_with_its_alerts_and_all_others_stay_as_they_are() -> None:
    for name in names(PRODUCTION):
        fewer = without(PRODUCTION, name)
        assert names(fewer) == [one for one in names(PRODUCTION) if one != name]
        expected = yaml.safe_load(PRODUCTION)
        for part in (expected, *expected["suites"]):
            part["endpoints"] = [one for one in part["endpoints"] if one["name"] != name]
        assert yaml.safe_load(fewer) == expected


def test_links_and_pictures_lead_to_a_platform_without_a_domain() -> None:
    ui = yaml.safe_load(leading_to(PRODUCTION, "http://localhost:8080"))["ui"]
    assert ui["link"] == "http://localhost:8080"
    assert ui["logo"].startswith("http://localhost:8080/static/")
