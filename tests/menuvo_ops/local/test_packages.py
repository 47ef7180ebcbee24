import os
import pwd
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from menuvo_ops.commands.process import as_other_user
from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.packages import DPKG_STATUS, debian_mirror, parse_plan

PLAN = """\
Reading package lists...
Inst libpq5 [15.1-0] (15.18-0+deb12u1 Debian:12/stable [amd64])
Inst libllvm14 (1:14.0.6-12 Debian:12/stable [amd64])
Inst postgresql-15 (15.18-0+deb12u1 Debian:12/stable [amd64])
Conf libpq5 (15.18-0+deb12u1 Debian:12/stable [amd64])
"""


def test_a_plan_names_each_package_with_its_version_but_not_the_plan_compiler() -> None:
    assert parse_plan(PLAN) == ["libpq5=15.18-0+deb12u1", "postgresql-15=15.18-0+deb12u1"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "sources.list.d/debian.sources",
            "Types: deb\nURIs: http://mirror.invalid/debian\nSuites: x\n",
        ),
        (
            "sources.list",
            "# deb http://old.invalid/debian x main\ndeb http://mirror.invalid/debian x",
        ),
        (
            "sources.list.d/own.list",
            "deb [arch=amd64 signed-by=/k.gpg] http://mirror.invalid/debian x main\n",
        ),
    ],
)
def test_the_mirror_is_the_one_that_this_system_uses(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / file).write_text(text)
    assert debian_mirror(tmp_path) == "http://mirror.invalid/debian"


def test_a_system_without_a_mirror_is_told_where_to_name_one(tmp_path: Path) -> None:
    (tmp_path / "sources.list.d").mkdir()
    with pytest.raises(MissingProgram, match="mirror") as refusal:
        debian_mirror(tmp_path)
    assert "sources" in refusal.value.hint


UNPACK = """
import sys
from pathlib import Path
from menuvo_ops.local.packages import library_path, unpack

folder, package = Path(sys.argv[1]), sys.argv[2]
root = unpack(package, into=folder / "packages", say=print, installed=folder / "status")
print(root, library_path(root), sep="\\n")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("package", "program"),
    [
        ("redis-server", "usr/bin/redis-server"),
        ("postgresql", "usr/lib/postgresql/*/bin/initdb"),
    ],
)
def test_an_ordinary_user_gets_a_missing_package_that_runs(package: str, program: str) -> None:
    """The system's list of packages is read as if neither were installed."""
    become, uid = [], os.geteuid()
    if uid == 0:
        uid = pwd.getpwnam("nobody").pw_uid
        become = as_other_user([], uid=uid, gid=uid)
    with TemporaryDirectory(dir="/tmp") as name:
        os.chown(name, uid, -1)
        folder = Path(name)
        (folder / "status").write_text(without_databases(DPKG_STATUS.read_text()))
        argv = [*become, sys.executable, "-c", UNPACK, str(folder), package]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

        *_, root, libraries = done.stdout.splitlines()
        (found,) = Path(root).glob(program)
        env = {"LD_LIBRARY_PATH": libraries}
        banner = subprocess.run([found, "--version"], env=env, capture_output=True, check=True)
        assert b" v=" in banner.stdout or b"PostgreSQL" in banner.stdout


def without_databases(status: str) -> str:
    absent = ("Package: postgresql", "Package: redis", "Package: libpq", "Package: liblzf")
    entries = status.split("\n\n")
    return "\n\n".join(entry for entry in entries if not entry.startswith(absent))
