"""Lines in a crontab that may be full of others', and what becomes of a timer's run."""

import json
import os
import sys
from pathlib import Path

import pytest
from tests.menuvo_ops.environment.complete import write_env
from tests.menuvo_ops.rollout.releases import admit, provided, release

from menuvo_ops.errors import CommandFailed, MissingProgram, NotReady
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.server.command import main
from menuvo_ops.timers.crontab import Crontab
from menuvo_ops.timers.jobs import JOBS, Job
from menuvo_ops.timers.running import log_of, read, run

# As cron's own does it: it reads and replaces the whole, and complains of what is no table.
_PROGRAM = """
import os, sys
from pathlib import Path

table = Path(os.environ["CRONTAB_TABLE"])
if sys.argv[1:] == ["-l"]:
    if not table.exists():
        sys.exit("no crontab for deploy")
    sys.stdout.buffer.write(table.read_bytes())
elif sys.argv[1:] == ["-"]:
    given = sys.stdin.buffer.read()
    if given and not given.endswith(b"\\n"):
        sys.exit("new crontab file is missing newline before EOF")
    table.write_bytes(given)
"""
FOREIGN = b"# mine\nMAILTO=jo@example.org\n5 4 * * sun  backup-photos \xff\n\n"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What cron has of this user; no file is no table."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "crontab").write_text(f"#!{sys.executable} -IS\n{_PROGRAM}")
    (programs / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("CRONTAB_TABLE", str(tmp_path / "table"))
    return tmp_path / "table"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "menuvo"
    folder.mkdir()
    admit(provided(folder), release())
    write_env(folder)
    return folder


def test_they_are_installed_once_and_removed_without_a_trace(table: Path, folder: Path) -> None:
    crontab = Crontab(folder)
    assert not crontab.is_installed
    assert crontab.install()
    installed = table.read_bytes()
    assert f"40 * * * * cd {folder} && ./menuvo timers run verify\n".encode() in installed
    assert f"20 4 * * * cd {folder} && ./menuvo timers run drill\n".encode() in installed
    assert crontab.is_installed
    assert not crontab.install()
    assert table.read_bytes() == installed
    assert crontab.remove()
    assert table.read_bytes() == b""
    assert not crontab.remove()


def test_lines_of_others_stay_as_they_are(table: Path, folder: Path) -> None:
    table.write_bytes(FOREIGN)
    crontab = Crontab(folder)
    crontab.install()
    table.write_bytes(table.read_bytes() + b"1 1 * * * after\n")
    assert table.read_bytes().startswith(FOREIGN)
    crontab.remove()
    assert table.read_bytes() == FOREIGN + b"1 1 * * * after\n"


def test_lines_of_an_older_tool_are_replaced_where_they_stand(table: Path, folder: Path) -> None:
    crontab = Crontab(folder)
    crontab.install()
    ours = table.read_bytes()
    table.write_bytes(FOREIGN + ours.replace(b"40 * * * *", b"17 * * * *") + b"1 1 * * * after\n")
    assert not crontab.is_installed
    assert crontab.install()
    assert table.read_bytes() == FOREIGN + ours + b"1 1 * * * after\n"


def test_two_deployments_of_one_user_have_their_own(
    table: Path, folder: Path, tmp_path: Path
) -> None:
    other = Crontab(tmp_path / "100% other")
    other.install()
    alone = table.read_bytes()
    assert rb"/100\% other' && ./menuvo" in alone
    Crontab(folder).install()
    assert other.is_installed
    Crontab(folder).remove()
    assert table.read_bytes() == alone


def test_marks_that_somebody_broke_are_told_and_nothing_is_written(
    table: Path, folder: Path
) -> None:
    crontab = Crontab(folder)
    crontab.install()
    broken = b"\n".join(table.read_bytes().splitlines()[:-1]) + b"\n"
    table.write_bytes(broken)
    with pytest.raises(NotReady, match="marks around our lines"):
        crontab.install()
    assert table.read_bytes() == broken


def test_without_cron_it_is_said_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="no cron"):
        Crontab(folder).install()


def test_a_crontab_that_cannot_be_read_is_not_taken_for_an_empty_one(
    table: Path, folder: Path
) -> None:
    table.mkdir()
    with pytest.raises(CommandFailed, match="cannot be read"):
        Crontab(folder).install()


def test_what_follows_from_installing_is_said_once(
    table: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_env(folder, BACKUP_VERIFY="false")
    assert menuvo(folder, "timers", "install") == 0
    assert "set BACKUP_VERIFY=true" in capsys.readouterr().err
    write_env(folder, BACKUP_VERIFY="true")
    assert menuvo(folder, "timers", "install") == 0
    assert "BACKUP_VERIFY" not in capsys.readouterr().err
    assert table.read_bytes().count(b"timers run verify") == 1


def test_nothing_is_installed_before_anything_was_deployed(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(tmp_path, "timers", "install") == 1
    assert not table.exists()
    assert "Nothing was deployed here yet." in capsys.readouterr().err


def menuvo(folder: Path, *argv: str) -> int:
    return main([*argv, "--directory", str(folder)])


VERIFY = JOBS[0]


def program(code: int, said: str = "It went so.") -> list[str]:
    return [sys.executable, "-c", f"import sys; print({said!r}); sys.exit({code})"]


def test_a_failure_is_told_once_until_it_went_well_again(folder: Path) -> None:
    archive = Archive(folder)
    codes = (0, 1, 1, 4, 1, 0, 2)
    news = [run(VERIFY, archive, program(code))[1] for code in codes]
    assert [bool(one) for one in news] == [False, True, False, False, False, False, True]
    first = news[1]
    assert first is not None
    assert first.sentence.startswith("The timer verify failed (exit code 1): It went so.")
    assert "menuvo timers show" in first.sentence


def test_a_crash_of_the_tool_is_a_failure_too(folder: Path) -> None:
    last, news = run(VERIFY, Archive(folder), [sys.executable, "-c", "1 / 0"])
    assert last.exit_code == 1
    assert news is not None
    assert "ZeroDivisionError" in news.sentence
    assert "ZeroDivisionError" in log_of(VERIFY, Archive(folder)).read_text()


def test_whoever_deploys_meanwhile_changes_nothing_of_what_is_known(folder: Path) -> None:
    archive = Archive(folder)
    run(VERIFY, archive, program(1))
    run(VERIFY, archive, program(4))
    assert read(archive)["verify"].exit_code == 1


def test_the_verb_is_asked_of_this_very_deployment(folder: Path) -> None:
    echo = [sys.executable, "-c", "import sys; print(sys.argv[1:])"]
    last, _ = run(VERIFY, Archive(folder), echo)
    assert last.said == str(["backup", "verify", "--due", f"--directory={folder}"])


def test_a_log_never_grows_beyond_its_bound(folder: Path) -> None:
    archive, much = Archive(folder), "x" * 100_000
    for _ in range(12):
        run(VERIFY, archive, program(0, much))
    logs = list((folder / "releases/logs").iterdir())
    assert len(logs) == 2
    assert sum(one.stat().st_size for one in logs) < 700_000


def test_what_they_did_last_is_shown(
    table: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(VERIFY, Archive(folder), program(1, "No space."))
    Crontab(folder).install()
    assert menuvo(folder, "timers", "show") == 0
    told = capsys.readouterr().out
    assert told.startswith("The timers are installed.")
    assert "failed (exit code 1): No space." in told
    assert menuvo(folder, "timers", "show", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["installed"]
    assert [(one["name"], one["exit_code"]) for one in facts["timers"]] == [
        ("verify", 1),
        ("drill", None),
    ]


def test_a_timer_that_there_is_not_is_typed_wrongly(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(folder, "timers", "run", "lunch") == 2
    assert "There is no timer lunch." in capsys.readouterr().err


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_the_verb_of_every_timer_is_one_of_the_tool(
    job: Job, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "missing")
    assert main([*job.verb, "--directory", missing]) == 2
    assert f"There is no folder {missing}." in capsys.readouterr().err
