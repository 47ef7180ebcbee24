import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from menuvo_backup.catalog import Catalog
from menuvo_backup.errors import Busy, NoSpace
from menuvo_backup.records import DUMP, RECORD, Record, id_of


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path)


DYING = """
import os, sys
from pathlib import Path
from menuvo_backup.catalog import Catalog
from menuvo_backup.records import DUMP, Content, Record

catalog = Catalog(Path(sys.argv[1]))
with catalog.alone():
    record = catalog.begin()
    (catalog.workplace(record) / DUMP).write_bytes(b"PGDMP")
    if sys.argv[2] == "kept":
        dump = Content(bytes=5, sha256="0" * 64)
        catalog.keep(Record(id=record.id, outcome="running", dump=dump))
    os._exit(9)
"""


def begin_and_die(folder: Path, when: Literal["dumping", "kept"]) -> None:
    """In a process of its own, as kill -9 would end it."""
    done = subprocess.run([sys.executable, "-c", DYING, str(folder), when], check=False)
    assert done.returncode == 9


def test_two_runs_of_one_second_have_two_names(catalog: Catalog) -> None:
    first = catalog.begin()
    catalog.keep(first)
    assert catalog.begin().id > first.id


def test_a_second_run_is_refused_while_the_first_one_lasts(catalog: Catalog) -> None:
    with catalog.alone(), pytest.raises(Busy), Catalog(catalog.folder).alone():
        pass
    with catalog.alone():
        pass


def test_a_killed_dump_becomes_a_failure_that_says_so(catalog: Catalog) -> None:
    begin_and_die(catalog.folder, "dumping")
    assert catalog.list_records()[0].outcome == "running"
    with catalog.alone():
        record = catalog.list_records()[0]
    assert (record.outcome, record.dump) == ("failed", None)
    assert "killed" in record.cause
    assert [path.name for path in catalog.path(record).iterdir()] == [RECORD]


def test_a_killed_upload_leaves_the_dump_to_be_sent(catalog: Catalog) -> None:
    begin_and_die(catalog.folder, "kept")
    with catalog.alone():
        record = catalog.list_records()[0]
    assert record.only_here
    assert (catalog.path(record) / DUMP).exists()


def test_a_failure_leaves_its_cause_and_nothing_of_the_dump(catalog: Catalog) -> None:
    record = catalog.begin()
    (catalog.workplace(record) / DUMP).write_bytes(b"PGDMP")
    catalog.fail(record, NoSpace("The disk was full.", hint="Make room."))
    assert [path.name for path in catalog.path(record).iterdir()] == [RECORD]
    failed = catalog.get(record.id)
    assert (failed.outcome, failed.cause, failed.hint) == (
        "failed",
        "The disk was full.",
        "Make room.",
    )


def test_a_removal_that_is_cut_short_leaves_no_half_a_backup(catalog: Catalog) -> None:
    record = Record(id="20260101T033000Z", outcome="good")
    half = catalog.workplace(record)
    half.mkdir()
    catalog.keep(record)
    catalog.path(record).rename(half)
    with catalog.alone():
        assert catalog.list_records() == []
    assert not half.exists()


def test_a_run_from_before_the_clock_was_put_right_holds_up_no_other(catalog: Catalog) -> None:
    now = datetime.now(UTC)
    for began in (now - timedelta(days=1), now + timedelta(days=300)):
        record = Record(id=id_of(began), outcome="good")
        catalog.workplace(record).mkdir()
        catalog.keep(record)
    last = catalog.find_last(now)
    assert last is not None
    assert last.id == id_of(now - timedelta(days=1))


def test_a_broken_record_hides_no_other(catalog: Catalog) -> None:
    for _ in range(2):
        catalog.keep(catalog.begin())
    (catalog.path(catalog.list_records()[0]) / RECORD).write_bytes(b"")
    (catalog.folder / "lost+found").mkdir()
    assert len(catalog.list_records()) == 1


def test_what_is_in_the_folder_is_for_us_alone(catalog: Catalog) -> None:
    assert catalog.workplace(catalog.begin()).stat().st_mode & 0o077 == 0
