"""A new password is for the login whose turn it is not."""

from pathlib import Path

import pytest
from tests.menuvo_ops.rollout.releases import provided, release

from menuvo_ops.environment.merging import Source
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.values import text
from menuvo_ops.rollout.turns import choose_login, login_after


def login(password: str, user: str = "") -> dict[str, Redacted]:
    return {"APP_DB_PASSWORD": Redacted(password), "APP_DB_USER": Redacted(user)}


@pytest.mark.parametrize(
    ("serving", "wanted", "chosen"),
    [
        (login("one"), login("one"), "menuvo_app"),
        (login("one"), login("two"), "menuvo_app_b"),
        (login("two", "menuvo_app_b"), login("two"), "menuvo_app_b"),
        (login("two", "menuvo_app_b"), login("three", "menuvo_app_b"), "menuvo_app"),
        # An old copy of the environment does not decide.
        (login("two", "menuvo_app_b"), login("two", "menuvo_app"), "menuvo_app_b"),
    ],
)
def test_the_login_changes_just_when_the_password_does(
    serving: dict[str, Redacted], wanted: dict[str, Redacted], chosen: str
) -> None:
    assert login_after(serving, wanted) == chosen


def test_a_first_deploy_takes_what_is_written(tmp_path: Path) -> None:
    """As on a new server, onto which a backup comes back: its environment names either."""
    source = Source(login("two", "menuvo_app_b"))
    choose_login(provided(tmp_path), source)
    assert text(source.values, "APP_DB_USER") == "menuvo_app_b"


def test_what_serves_decides_and_not_what_stands_in_the_folder(tmp_path: Path) -> None:
    archive = provided(tmp_path)
    draft = archive.new_draft()
    (draft / ".env").write_text("APP_DB_PASSWORD=one\nAPP_DB_USER=menuvo_app_b\n")
    archive.admit(release(1))
    archive.make_current(1)
    source = Source(login("two", "menuvo_app_b"))
    choose_login(archive, source)
    assert text(source.values, "APP_DB_USER") == "menuvo_app"
