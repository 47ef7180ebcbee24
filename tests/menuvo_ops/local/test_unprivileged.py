import os
import pwd
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from menuvo_ops.errors import Refused
from menuvo_ops.local import postgres
from menuvo_ops.local.postgres import running_postgres
from menuvo_ops.local.unprivileged import Identity, identity
from menuvo_ops.runner import run

pytestmark = [pytest.mark.system, pytest.mark.core]

PACKAGES = Path(".menuvo/packages")


def someone() -> pwd.struct_passwd:
    """Another user for root, ourselves for everyone else: nobody else can become another."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


@pytest.fixture
def open_folder() -> Generator[Path]:
    with TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_nobody_runs_postgres_as_root() -> None:
    assert int(run(identity().run_as(["id", "-u"]), what="Asking")) != 0


def test_where_namespaces_are_forbidden_postgres_runs_as_another_user(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = someone()
    switched = Identity(switched_to=user) if os.geteuid() == 0 else Identity()
    monkeypatch.setattr(postgres, "identity", lambda: switched)

    with running_postgres(open_folder, packages=PACKAGES, fast=True):
        assert (open_folder / "data").stat().st_uid == user.pw_uid
        pid = (open_folder / "data/postmaster.pid").read_text().split("\n", 1)[0]
        assert Path(f"/proc/{pid}").stat().st_uid == user.pw_uid


def test_a_folder_that_the_other_user_cannot_reach_is_refused_with_a_way_out(
    open_folder: Path,
) -> None:
    inside = open_folder / "for-me-alone" / "data"
    inside.mkdir(parents=True)
    inside.parent.chmod(0o700)

    with pytest.raises(Refused, match="cannot reach") as refusal:
        Identity(switched_to=someone()).own(inside)
    assert "folder that everyone may enter" in refusal.value.hint
