import subprocess
from pathlib import Path

import pytest

from menuvo_ops.errors import MissingProgram
from menuvo_ops.local import packages, redis
from menuvo_ops.local.packages import parse_plan

PLAN = """\
Reading package lists...
Inst libpq5 [15.1-0] (15.18-0+deb12u1 Debian:12/stable [amd64])
Inst libllvm14 (1:14.0.6-12 Debian:12/stable [amd64])
Inst postgresql-15 (15.18-0+deb12u1 Debian:12/stable [amd64])
Conf libpq5 (15.18-0+deb12u1 Debian:12/stable [amd64])
"""


def test_a_plan_names_each_package_with_its_version_but_not_the_plan_compiler() -> None:
    assert parse_plan(PLAN) == ["libpq5=15.18-0+deb12u1", "postgresql-15=15.18-0+deb12u1"]


def test_a_system_without_apt_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="redis-server") as refusal:
        redis.provide(tmp_path / "packages", lambda _: None)
    assert "package manager" in refusal.value.hint


@pytest.mark.slow
@pytest.mark.parametrize(
    ("package", "program"),
    [
        ("redis-server", "usr/bin/redis-server"),
        ("postgresql", "usr/lib/postgresql/*/bin/postgres"),
    ],
)
def test_a_missing_package_is_unpacked_privately_and_runs(
    tmp_path: Path, package: str, program: str
) -> None:
    """The system's list of packages is read as if neither were installed."""
    installed = tmp_path / "status"
    installed.write_text(without_databases(packages.DPKG_STATUS.read_text()))

    root = packages.unpack(package, into=tmp_path, say=print, installed=installed)

    (found,) = root.glob(program)
    env = {"LD_LIBRARY_PATH": packages.library_path(root)}
    done = subprocess.run([found, "--version"], env=env, capture_output=True, text=True, check=True)
    assert " v=" in done.stdout or "PostgreSQL" in done.stdout


def without_databases(status: str) -> str:
    absent = ("Package: postgresql", "Package: redis", "Package: libpq", "Package: liblzf")
    entries = status.split("\n\n")
    return "\n\n".join(entry for entry in entries if not entry.startswith(absent))
