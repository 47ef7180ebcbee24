"""Where to click, at the end of `menuvo up` and of `menuvo status`."""

from pathlib import Path

import pytest

from menuvo_ops.local.monitoring.services import EMAIL, PASSWORD_FILE
from menuvo_ops.local.report import ServiceReport
from menuvo_ops.operations.summary import print_summary


def service(name: str, url: str | None) -> ServiceReport:
    return ServiceReport(
        name=name,
        state="healthy",
        detail="",
        pid=1,
        url=url,
        restarts=0,
        resident_bytes=1,
        essential=False,
    )


def summary(capsys: pytest.CaptureFixture[str], *services: ServiceReport) -> list[str]:
    print_summary(Path("/nowhere"), "http://localhost:8080", services)
    lines = capsys.readouterr().out.splitlines()
    return [" ".join(line.split()) for line in lines if line]


def test_what_watches_is_named_with_its_login_and_where_the_password_lies(
    capsys: pytest.CaptureFixture[str],
) -> None:
    gatus, beszel = service("gatus", "http://g"), service("beszel", "http://b")
    assert summary(capsys, service("caddy", "http://c"), gatus, beszel) == [
        "Menuvo http://localhost:8080",
        "Status page http://g",
        "Monitoring http://b",
        f"Login operator {EMAIL} its password is in {PASSWORD_FILE}",
    ]


def test_without_them_nothing_is_said_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert summary(capsys, service("gatus", None)) == ["Menuvo http://localhost:8080"]
