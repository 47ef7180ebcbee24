"""What comes back with a release of before, as far as no engine is asked."""

import pytest

from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.rollout.redrafting import renewed_secrets


@pytest.mark.parametrize(
    ("name", "before", "today", "is_kept"),
    [
        ("S3_SECRET_ACCESS_KEY", "old", "new", True),
        ("S3_SECRET_ACCESS_KEY", "same", "same", False),
        ("S3_SECRET_ACCESS_KEY", "old", "", False),
        ("GATUS_TELEGRAM_TOKEN", "", "new", False),
        ("S3_BUCKET", "old", "new", False),
    ],
)
def test_a_rollback_keeps_the_newest_value_of_a_secret_that_it_had(
    name: str, before: str, today: str, is_kept: bool
) -> None:
    then, now = ({name: Redacted(value)} if value else {} for value in (before, today))
    assert renewed_secrets(then, now) == ([name] if is_kept else [])


@pytest.mark.parametrize(
    ("before", "today", "kept"),
    [
        # Half a key is none: hub and agent get today's together.
        (
            {"BESZEL_HUB_KEY": "old", "BESZEL_AGENT_KEY": "old"},
            {"BESZEL_HUB_KEY": "new", "BESZEL_AGENT_KEY": "new"},
            ["BESZEL_AGENT_KEY", "BESZEL_HUB_KEY"],
        ),
        # That of a hub which keeps its other half in its volume stays with that hub.
        (
            {"BESZEL_AGENT_KEY": "old"},
            {"BESZEL_HUB_KEY": "new", "BESZEL_AGENT_KEY": "new"},
            [],
        ),
        # A secret that was forgotten is not believed again.
        (
            {"AUTH_SECRET": "new", "AUTH_SECRET_PREVIOUS": "old"},
            {"AUTH_SECRET": "new"},
            ["AUTH_SECRET_PREVIOUS"],
        ),
        # What guests have in their pages goes on being believed.
        (
            {"AUTH_SECRET": "old"},
            {"AUTH_SECRET": "new", "AUTH_SECRET_PREVIOUS": "old"},
            ["AUTH_SECRET", "AUTH_SECRET_PREVIOUS"],
        ),
    ],
)
def test_what_goes_with_a_secret_stays_with_it(
    before: dict[str, str], today: dict[str, str], kept: list[str]
) -> None:
    then, now = ({name: Redacted(value) for name, value in one.items()} for one in (before, today))
    assert renewed_secrets(then, now) == kept
