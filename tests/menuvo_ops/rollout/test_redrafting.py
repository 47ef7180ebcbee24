"""What a release is written down with, as far as no engine is asked."""

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
