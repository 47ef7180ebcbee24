"""How the last backup is told in a line."""

import json
from datetime import UTC, datetime

import pytest
from tests.menuvo_ops.backups.engine import record

from menuvo_ops.backups.events import noted
from menuvo_ops.backups.records import Backup, Verified
from menuvo_ops.backups.showing import ago, last_told, show

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
GOOD = Backup(
    "20261128T030000Z",
    "good",
    size=2_000_000,
    rows=1234,
    uploaded=True,
    verified=Verified("2026-11-28T03:01:00Z", 0.0, 6.7, source="bucket"),
)


def test_without_one_it_says_how_to_make_one() -> None:
    assert last_told([], NOW) == "none yet: menuvo backup now"


def test_the_newest_is_told_with_age_size_rows_and_trial() -> None:
    assert last_told([GOOD], NOW) == (
        "2026-11-28 03:00 UTC, 6 hours ago: 2.0 MB, 1,234 rows, in the bucket,"
        " restored for trial from the bucket in 6.7 s"
    )


def test_what_failed_since_is_told_below_it() -> None:
    failed = Backup("20261128T080000Z", "failed", complaint="No space.")
    good, below = last_told([failed, GOOD], NOW).splitlines()
    assert good.startswith("2026-11-28 03:00 UTC")
    assert below == "20261128T080000Z failed. No space."


def test_one_that_is_being_made_is_told_so() -> None:
    running = Backup("20261128T092900Z", "running")
    assert last_told([running], NOW).endswith("20261128T092900Z is being made")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7199, "1 hour ago"),
        (7200, "2 hours ago"),
        (200_000, "2 days ago"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, words: str) -> None:
    assert ago(seconds) == words


SEALED = record(
    "20261128T030000Z",
    dump={"bytes": 2_000_000, "sealed": {"recipients": ["age1..."]}},
    verified={
        "at": "2026-11-28T03:05:00Z",
        "source": "here",
        "fetch_seconds": 0.0,
        "restore_seconds": 8.0,
        "unopened": True,
    },
)


def test_one_that_was_not_opened_is_not_told_as_if_the_bucket_s_had_been_restored() -> None:
    told = show(json.dumps([SEALED]), "show", None, as_json=False)
    assert "It lies in the bucket, sealed." in told
    assert "Restored from here for trial at 2026-11-28 03:05 UTC, in 8.0 s." in told
    assert "the key to open it is not on this server" in told


def test_the_end_of_a_trial_without_the_key_says_what_was_restored() -> None:
    facts = {"event": "backup_verified", "rows": 12, "restore_seconds": 2.0, "unopened": True}
    assert noted(facts).sentence == (
        "Restored from here for trial: 12 rows, all as they were, in 2.0 s. What is in the bucket"
        " is what was sent, and sealed for a key that is not here."
    )
