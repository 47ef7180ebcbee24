from datetime import UTC, datetime, timedelta
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from menuvo_backup.records import Content, Record, Verified, id_of
from menuvo_backup.retention import FAILURES_SHOWN, expired

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
DUMP = Content(bytes=1000, sha256="0" * 64)


def a_record(days: float, outcome: Literal["good", "failed"] = "good") -> Record:
    dump = DUMP if outcome == "good" else None
    return Record(id=id_of(NOW - timedelta(days=days)), outcome=outcome, dump=dump)


def ages(records: list[Record]) -> list[int]:
    return sorted((NOW - record.began).days for record in records)


def test_copies_stay_as_many_days_as_they_shall() -> None:
    records = [a_record(days) for days in range(10)]
    assert ages(expired(records, keep_days=7, now=NOW)) == [8, 9]


def test_the_last_three_good_ones_stay_however_old_they_are() -> None:
    records = [a_record(days) for days in (30, 40, 50, 60)] + [a_record(20, "failed")]
    assert ages(expired(records, keep_days=7, now=NOW)) == [20, 60]


def test_the_last_three_verified_ones_stay_while_newer_ones_wait_for_it() -> None:
    verified = Verified(at=NOW, source="here", fetch_seconds=0, restore_seconds=0, rows=1)
    proved = [replace(a_record(days), verified=verified) for days in (30, 40, 50, 60)]
    refuted = replace(a_record(25), outcome="failed", refuted=True, verified=verified)
    records = [a_record(days) for days in (1, 2, 3, 20)] + [refuted, *proved]
    assert ages(expired(records, keep_days=7, now=NOW)) == [20, 25, 60]


def test_a_dump_that_reached_no_bucket_is_kept_as_long_but_protects_nothing() -> None:
    only_here = Record(id=id_of(NOW), outcome="failed", dump=DUMP)
    records = [only_here] + [a_record(days) for days in (30, 40, 50, 60)]
    assert ages(expired(records, keep_days=7, now=NOW)) == [60]


def test_of_failures_only_the_last_ones_are_shown() -> None:
    records = [a_record(hours / 24, "failed") for hours in range(FAILURES_SHOWN + 5)]
    assert len(expired(records, keep_days=7, now=NOW)) == 5


@given(
    days=st.lists(st.integers(0, 4000), unique=True, max_size=30),
    keep_days=st.integers(1, 365),
)
def test_no_age_takes_the_last_three_good_ones(days: list[int], keep_days: int) -> None:
    records = [a_record(age) for age in days]
    left = sorted(days)[:3]
    removed = ages(expired(records, keep_days=keep_days, now=NOW))
    assert not set(left) & set(removed)
    assert set(removed) <= {age for age in days if age > keep_days}
