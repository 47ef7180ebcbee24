"""Each of the four hosts answers as it should, and plain HTTP only to those on the server."""

import json

import httpx
import pytest

from tests.system.production.stack import DOMAIN, Production

pytestmark = pytest.mark.core


@pytest.mark.parametrize("path", ["/live", "/health", "/ready"])
def test_the_platform_is_well_through_the_edge(production: Production, path: str) -> None:
    answer = production.request(path)
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.headers["X-Menuvo-Release"] == "bed"


def test_the_demo_menu_is_there_with_pictures_from_the_bucket(production: Production) -> None:
    page = production.request(production.demo["menu_path"])
    assert page.status_code == 200
    picture = page.text.partition('src="/media/')[2].partition('"')[0]
    shown = production.request(f"/media/{picture}")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize("path", ["", "/console/login"])
def test_console_leads_to_the_platforms_console(production: Production, path: str) -> None:
    answer = production.request(path or "/", host=f"console.{DOMAIN}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"https://{DOMAIN}{path or '/console'}"


def test_status_tells_everybody_names_and_states_and_nothing_else(production: Production) -> None:
    answer = production.request("/api/v1/endpoints/statuses", host=f"status.{DOMAIN}")
    checks = answer.raise_for_status().json()
    # These are there once the backup service was heard; what they say of a failure is held in
    # test_status_page.py.
    reported = {"Backups", "Archive", "Restore drill", "Disk"}
    asked = {"Menus", "Orders", "Live updates", "Monitoring"}
    assert {check["name"] for check in checks} - reported == asked
    own = [check for check in checks if check["name"] in asked]
    told = {key for check in own for result in check["results"] for key in result}
    assert told <= {"success", "timestamp", "duration", "status"}
    for inside in ("platform", "postgres", "redis", ":3000", "172.", "condition"):
        assert inside not in answer.text.lower()


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/v1/endpoints/guests_menus/external"), ("GET", "/metrics"), ("PUT", "/")],
)
def test_status_lets_nobody_write_or_measure(
    production: Production, method: str, path: str
) -> None:
    assert production.request(path, host=f"status.{DOMAIN}", method=method).status_code == 404


def test_monitor_shows_nothing_without_a_login(production: Production) -> None:
    host = f"monitor.{DOMAIN}"
    for collection in ("systems", "system_stats", "containers", "alerts", "users"):
        answer = production.request(f"/api/collections/{collection}/records", host=host)
        rows = answer.json().get("items", []) if answer.status_code == 200 else []
        assert rows == [], f"{collection}: {answer.text}"
    superusers = "/api/collections/_superusers/auth-with-password"
    for inside in ("/_/", "/api/backups", "/api/logs", "/api/settings", superusers):
        assert production.request(inside, host=host).status_code == 404


def test_monitor_has_its_first_account_so_that_nobody_else_can_make_it(
    production: Production,
) -> None:
    host = f"monitor.{DOMAIN}"
    first = production.request("/api/beszel/first-run", host=host)
    assert json.loads(first.text).get("firstRun") is False
    stranger = {"email": "stranger@example.org", "password": "a-long-password-1"}
    for path in ("/api/beszel/create-user", "/api/collections/users/records"):
        made = production.request(path, host=host, method="POST", json=stranger)
        assert made.status_code in {403, 404}


def test_the_operator_can_log_in_to_monitor_and_sees_the_server(production: Production) -> None:
    host = f"monitor.{DOMAIN}"
    environment = production.project.inspect("beszel")["Config"]["Env"]
    password = next(line for line in environment if line.startswith("USER_PASSWORD="))
    login = {
        "identity": "operator@example.org",
        "password": password.removeprefix("USER_PASSWORD="),
    }
    answer = production.request(
        "/api/collections/users/auth-with-password", host=host, method="POST", json=login
    )
    token = answer.raise_for_status().json()["token"]

    def systems() -> list[dict[str, str]]:
        path, headers = "/api/collections/systems/records", {"Authorization": token}
        return production.request(path, host=host, headers=headers).json()["items"]

    production.until(lambda: [one["status"] for one in systems()] == ["up"], 60)
    assert systems()[0]["name"].startswith("menuvo ")


@pytest.mark.parametrize("path", ["/live", "/health"])
@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_on_the_server_the_two_questions_are_answered_without_tls(
    production: Production, name: str, path: str
) -> None:
    answer = plain(production, name, path)
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_everything_else_without_tls_is_sent_to_tls(production: Production) -> None:
    answer = plain(production, DOMAIN, "/gasthaus-lindenhof")
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"https://{DOMAIN}/gasthaus-lindenhof"
    assert plain(production, "localhost", "/console").status_code == 302


def test_security_headers_are_set_once_and_the_edge_keeps_its_name(
    production: Production,
) -> None:
    for host in (DOMAIN, f"status.{DOMAIN}", f"monitor.{DOMAIN}"):
        answer = production.request("/", host=host)
        assert answer.headers.get_list("X-Content-Type-Options") == ["nosniff"], host
        assert "server" not in answer.headers, host
    policy = production.request("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_pages_are_compressed_with_what_the_browser_takes(production: Production) -> None:
    for encoding in ("gzip", "zstd"):
        answer = production.request("/console/login", headers={"Accept-Encoding": encoding})
        assert answer.headers["Content-Encoding"] == encoding


def test_nobody_outside_reaches_the_admin_api(production: Production) -> None:
    networks = production.project.inspect("caddy")["NetworkSettings"]["Networks"]
    [address] = [network["IPAddress"] for network in networks.values()]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://{address}:2019/config/", timeout=5)


def plain(production: Production, host: str, path: str) -> httpx.Response:
    address = f"http://127.0.0.1:{production.http_port}{path}"
    return httpx.get(address, headers={"Host": host}, timeout=10)
