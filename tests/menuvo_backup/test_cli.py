import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Never

import pytest

from menuvo_backup.catalog import Catalog
from menuvo_backup.cli import main
from menuvo_backup.errors import NoSpace
from menuvo_backup.records import Content, Record
from tests.age import new_pair


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    for name in [name for name in os.environ if name.startswith(("BACKUP_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BACKUP_DIR", str(tmp_path))
    return Catalog(tmp_path)


def add(catalog: Catalog, record: Record) -> None:
    catalog.workplace(record).mkdir()
    catalog.keep(record)


@pytest.fixture
def two_records(catalog: Catalog) -> None:
    dump = Content(bytes=12_345_678, sha256="0" * 64)
    good = Record(id="20261124T023000Z", outcome="good", seconds=12.34, dump=dump, uploaded=True)
    add(catalog, good)
    catalog.fail(catalog.begin(), NoSpace("The disk was full.", hint="Make room."))


def test_the_list_shows_what_was_made_and_why_the_last_one_failed(
    two_records: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list"]) == 0
    failed, good = capsys.readouterr().out.splitlines()
    assert failed.endswith("The disk was full. Make room.")
    assert good.split() == [
        *("20261124T023000Z", "good", "12.3", "MB", "12.3", "s"),
        *("here", "and", "in", "the", "bucket", "not", "verified", "since", "?"),
    ]


def test_the_list_for_programs_is_data_alone(
    two_records: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "--json"]) == 0
    assert [record["outcome"] for record in json.loads(capsys.readouterr().out)] == [
        "failed",
        "good",
    ]


def test_programs_learn_which_dumps_lie_on_this_disk(
    two_records: None, catalog: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    _, good = catalog.list_records()
    (catalog.path(good) / "database.dump").touch()
    assert main(["list", "--json"]) == 0
    here = {record["id"]: record["here"] for record in json.loads(capsys.readouterr().out)}
    assert [there for there in here if here[there]] == [good.id]


def test_before_the_first_backup_the_list_says_so(
    catalog: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list"]) == 0
    assert capsys.readouterr().out == "No backup was made yet.\n"


def test_healthy_needs_no_secret_and_says_why_not(
    two_records: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["healthy"]) == 1
    assert "The disk was full." in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["serve", "now", "upload", "restore"])
def test_a_wrong_environment_is_told_at_once_and_whole(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    monkeypatch.setenv("BACKUP_CRON", "sometimes")
    assert main([verb, *(["latest"] if verb == "restore" else [])]) == 2
    told = capsys.readouterr()
    assert "DATABASE_URL" in told.err
    assert "BACKUP_CRON" in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("number", "advice"),
    [(errno.ENOSPC, "Make room on the disk of BACKUP_DIR."), (errno.EACCES, "belong to us?")],
)
def test_what_the_system_refuses_is_told_with_what_to_do(
    catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
    advice: str,
) -> None:
    def refuse(*_: object) -> Never:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Catalog, "list_records", refuse)
    assert main(["list"]) == 1
    assert advice in capsys.readouterr().err


@pytest.mark.usefixtures("age")
@pytest.mark.parametrize("verb", ["serve", "now", "upload", "verify", "recall"])
def test_keys_that_do_not_belong_together_stop_it_before_anything_is_sealed(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://menuvo@nowhere/menuvo")
    monkeypatch.setenv("BACKUP_AGE_RECIPIENT", new_pair().recipient)
    monkeypatch.setenv("BACKUP_AGE_IDENTITY", new_pair().identity)
    assert main([verb]) == 2
    assert "BACKUP_AGE_IDENTITY opens nothing" in capsys.readouterr().err


def test_a_verification_is_not_asked_for_a_database_it_never_meets(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BACKUP_CRON", "sometimes")
    assert main(["verify"]) == 2
    told = capsys.readouterr()
    assert "BACKUP_CRON" in told.err
    assert "DATABASE_URL" not in told.err


def test_a_folder_that_is_not_there_is_a_sentence(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BACKUP_DIR", "/nowhere/at/all")
    assert main(["list"]) == 1
    assert "BACKUP_DIR" in capsys.readouterr().err


def test_nothing_to_send_is_no_success(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://menuvo@nowhere/menuvo")
    assert main(["upload"]) == 1
    assert "No backup lies only here" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["cli", "health", "scheduler"])
def test_what_waits_and_what_asks_load_no_library_of_the_bucket(module: str) -> None:
    program = f"import sys, menuvo_backup.{module}; print('obstore' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_restores_have_nothing_to_restore_before_the_first_backup(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://menuvo@nowhere/menuvo")
    for argv in (["verify"], ["restore", "latest"], ["restore", "20261124T023000Z"]):
        assert main(argv) == 1
        assert "no backup" in capsys.readouterr().err
