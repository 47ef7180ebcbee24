from dataclasses import replace
from typing import Any, cast

import pytest
from litestar import Request

from menuvo_platform.settings import Settings
from menuvo_platform.web.csrf import csrf_token
from menuvo_platform.web.logins import (
    client_network,
    known_cookie,
    login_address,
    login_cookie,
    safe_destination,
)


def request_from(host: str | None) -> Request[Any, Any, Any]:
    scope = {"type": "http", "client": None if host is None else (host, 1), "headers": []}
    return Request(cast("Any", scope))


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_a_customer_of_ipv6_is_one_place_whatever_address_is_chosen(
    host: str | None, network: str
) -> None:
    assert client_network(request_from(host)) == network


@pytest.mark.parametrize("page", ["/console", "/console/logins", "/console/stores/1/menu?a=b#c"])
def test_a_page_of_the_console_is_gone_on_to(page: str) -> None:
    assert safe_destination(page) == page


def test_what_is_no_address_leads_home() -> None:
    assert safe_destination("//[") == "/console"


def test_the_home_needs_no_naming() -> None:
    assert login_address("/console") == "/console/login"
    assert login_address("https://evil.example") == "/console/login"
    assert login_address("/console/logins") == "/console/login?next=%2Fconsole%2Flogins"


def test_the_token_of_a_form_depends_on_the_login_and_on_the_secret() -> None:
    tokens = {csrf_token(secret, login) for secret in ("s1", "s2") for login in ("a", "b")}
    assert len(tokens) == 4
    assert csrf_token("s1", "a") == csrf_token("s1", "a")


@pytest.mark.parametrize(("public_url", "secure"), [("http://a", False), ("https://a", True)])
def test_cookies_are_secure_where_pages_are(
    settings: Settings, public_url: str, secure: bool
) -> None:
    settings = replace(settings, public_url=public_url)
    for cookie in (login_cookie(settings, "token"), known_cookie(settings, "a@example.org")):
        assert (cookie.secure, cookie.httponly, cookie.samesite) == (secure, True, "lax")


def test_a_known_browser_is_known_for_one_address_only(settings: Settings) -> None:
    marks = {known_cookie(settings, email).value for email in ("a@example.org", "b@example.org")}
    assert len(marks) == 2
    assert known_cookie(settings, " A@Example.org ").value in marks
