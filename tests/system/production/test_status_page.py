"""What everybody may read at status.DOMAIN, and what the backup service says there of itself."""

import json
from collections.abc import Generator
from typing import Any

import pytest

from tests.system.production.stack import DOMAIN, Production

HOST = f"status.{DOMAIN}"
# A database that no name leads to: the run fails, and its cause names a host.
FAIL = """
echo postgresql://menuvo@db.internal/menuvo >/tmp/elsewhere
DATABASE_URL_FILE=/tmp/elsewhere menuvo-backup now || true
"""


def statuses(production: Production) -> list[dict[str, Any]]:
    return production.request("/api/v1/endpoints/statuses", host=HOST).json()


def last_of_backups(production: Production) -> dict[str, Any] | None:
    """None before the service was heard."""
    found = [one for one in statuses(production) if one["name"] == "Backups"]
    return found[0]["results"][-1] if found else None


def heard(production: Production, *, success: bool) -> dict[str, Any]:
    """Gatus starts after the service, which tries again after half a minute."""

    def is_heard() -> bool:
        last = last_of_backups(production)
        return last is not None and last["success"] is success

    production.until(is_heard, seconds=60)
    last = last_of_backups(production)
    assert last is not None
    return last


def test_the_backup_service_reports_through_its_own_network(production: Production) -> None:
    assert "errors" not in heard(production, success=True)


def test_nobody_outside_can_report_in_its_place(production: Production) -> None:
    token = production.secret("backup_monitor_token")
    path = "/api/v1/endpoints/operations_backups/external?success=true"
    proof = {"Authorization": f"Bearer {token}"}
    assert production.request(path, host=HOST, method="POST", headers=proof).status_code == 404


@pytest.fixture
def failed_backup(production: Production) -> Generator[str]:
    """Its id; the service speaks at once when it starts."""
    production.project.execute("postgres-backup", "sh", "-c", FAIL)
    # Not until it is healthy, which it is not.
    production.compose("restart", "postgres-backup")
    listed = production.project.execute("postgres-backup", "menuvo-backup", "list", "--json")
    assert "db.internal" in listed
    yield json.loads(listed)[0]["id"]
    production.project.execute("postgres-backup", "menuvo-backup", "now")
    production.restart("postgres-backup")
    heard(production, success=True)


def test_a_failed_backup_is_red_and_shown_without_its_cause(
    production: Production, failed_backup: str
) -> None:
    [told] = heard(production, success=False)["errors"]
    assert told.startswith(f"Backup {failed_backup} failed.")
    assert "db.internal" not in json.dumps(statuses(production))


def test_no_check_shows_a_host_an_address_or_a_condition(production: Production) -> None:
    heard(production, success=True)
    shown = statuses(production)
    assert {f"{one['group']}/{one['name']}" for one in shown} == {
        *("Guests/Menus", "Guests/Orders", "Operations/Live updates", "Operations/Monitoring"),
        *("Operations/Backups", "Operations/Archive", "Operations/Restore drill"),
        "Operations/Disk",
    }
    for result in (result for one in shown for result in one["results"]):
        assert result.keys() <= {"status", "duration", "success", "timestamp", "errors"}
    suites = production.request("/api/v1/suites/statuses", host=HOST).json()
    assert {one["name"] for one in suites} == {"Platform", "Entrance"}
    told = json.dumps([*shown, *suites])
    for hidden in (DOMAIN, "gatus", "://", "[STATUS]", "[BODY]"):
        assert hidden not in told
