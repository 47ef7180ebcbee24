"""What everybody may read of it: names and states, and nothing that helps whoever means harm."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.error import HTTPError

import pytest

from tests.alerts.faults import report
from tests.alerts.gatus import DOMAIN
from tests.alerts.scenes import Scene
from tests.menuvo_ops.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SUITES = ("Platform", "Entrance", "Outside watch")
# All that Gatus routes to whoever reads.
ROUTES = (
    "/api/v1/config",
    "/api/v1/endpoints/statuses",
    "/api/v1/suites/statuses",
    *(f"/api/v1/suites/operations_{name.lower().replace(' ', '-')}/statuses" for name in SUITES),
)
OF_ONE = (
    "statuses",
    "health/badge.svg",
    "health/badge.shields",
    "uptimes/1h",
    "uptimes/1h/badge.svg",
    "response-times/1h",
    "response-times/1h/badge.svg",
    "response-times/1h/chart.svg",
    "response-times/1h/history",
)
# Of a machine, of a condition and of what was asked.
HIDDEN = re.compile(
    r"127\.0\.0\.1|localhost|postgres|redis|platform-[ab]|caddy|beszel|://|\w:\d{4,5}\b|\[STATUS\]"
    r"|\[BODY\]|\[CONNECTED\]|connection refused|dial tcp|no such host|/health|/ready|/internal"
    rf"|{re.escape(DOMAIN)}|docs/runbooks",
    re.IGNORECASE,
)
DRAWN = re.compile(r'xmlns(:xlink)?="http://www\.w3\.org/[\w/]+"|shields\.io')


def told(scene: Scene) -> Iterator[tuple[str, str]]:
    keys = [one["key"] for one in json.loads(scene.gatus.get("/api/v1/endpoints/statuses"))]
    assert len(keys) > 4
    for path in (*ROUTES, *(f"/api/v1/endpoints/{key}/{of}" for key in keys for of in OF_ONE)):
        with suppress(HTTPError):  # a chart of something that has not answered yet
            yield path, scene.gatus.get(path)


def test_its_api_tells_names_and_states_alone_also_when_everything_is_broken(
    scene: Scene,
) -> None:
    eventually(lambda: "Certificate" in scene.gatus.get(ROUTES[2]), within=30)
    for endpoint in ("operations_backups", "operations_archive", "operations_disk"):
        report(scene, endpoint)
    paths = dict(told(scene))
    assert set(ROUTES) <= paths.keys()
    scene.site.stop("caddy", "postgres", "redis", "beszel")
    eventually(lambda: len(scene.told("triggered")) == 6, within=30)
    for path, answer in [*paths.items(), *told(scene)]:
        found = HIDDEN.search(DRAWN.sub("", answer))
        assert found is None, f"{path}: {found}"


def test_every_check_has_a_name_for_the_public(scene: Scene) -> None:
    eventually(lambda: "Certificate" in scene.gatus.get(ROUTES[2]), within=30)
    shown = json.loads(scene.gatus.get("/api/v1/suites/statuses"))
    steps = {step["name"] for one in shown for r in one["results"] for step in r["endpointResults"]}
    assert {one["name"] for one in shown} == set(SUITES)
    assert steps == {
        *("Database", "Instance A", "Instance B", "Background work", "Failed work"),
        *("Proxy", "Certificate"),
        *("Menus seen from here", "Orders seen from here", "Somebody outside"),
    }


def test_the_page_has_the_colours_and_the_mark_of_the_platform(scene: Scene) -> None:
    page, style = scene.gatus.get("/"), scene.gatus.get("/css/custom.css")
    assert "Menuvo status" in page
    assert f"https://{DOMAIN}/static/status/icons/favicon.svg".replace("/", "\\/") in page
    assert "ZgotmplZ" not in page
    assert "html:root.dark" in style
    assert "#2e6b3f" in style
