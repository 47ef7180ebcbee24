"""What is wrong says so in one sentence with the next step, and nothing is half started."""

from collections.abc import Generator
from pathlib import Path

import pytest

from menuvo_ops.errors import CommandFailed, ServiceFailed
from tests.system.bed.bed import Bed
from tests.system.production.stack import Production, prepared_production

pytestmark = pytest.mark.core


@pytest.fixture
def fresh(bed: Bed, tmp_path: Path) -> Generator[Production]:
    with prepared_production(bed, tmp_path) as production:
        yield production


def start_postgres(production: Production) -> None:
    production.project.up("postgres", seconds=60)


def refusal(production: Production) -> str:
    with pytest.raises(ServiceFailed) as failure:
        production.project.up("postgres", seconds=60)
    return failure.value.hint


def in_the_volume(production: Production, script: str) -> None:
    """With PostgreSQL stopped."""
    shell = ("--entrypoint", "/bin/sh", "postgres", "-c", script)
    production.compose("run", "--rm", "--no-TTY", "--no-deps", *shell)


def test_an_empty_volume_is_refused_where_a_database_was(fresh: Production) -> None:
    start_postgres(fresh)
    known = (fresh.folder / "state/postgres/cluster").read_text().strip()
    fresh.compose("down", "--volumes")
    said = refusal(fresh)
    assert f"the volume is empty, but this server has a database (system {known})" in said
    assert "delete state/postgres/cluster" in said


def test_another_database_is_refused(fresh: Production) -> None:
    start_postgres(fresh)
    fresh.compose("stop", "postgres")
    (fresh.folder / "state/postgres/cluster").write_text("123\n")
    assert "the volume holds another database" in refusal(fresh)


def test_a_volume_of_another_major_version_is_refused(fresh: Production) -> None:
    old = "/var/lib/postgresql/17/docker"
    in_the_volume(fresh, f"mkdir -p {old} && echo 17 >{old}/PG_VERSION")
    said = refusal(fresh)
    assert "the volume holds a database of PostgreSQL 17" in said
    assert "Nothing was changed" in said


def test_a_database_of_another_c_library_is_refused(fresh: Production) -> None:
    start_postgres(fresh)
    fresh.compose("stop", "postgres")
    in_the_volume(fresh, "echo another >/var/lib/postgresql/.menuvo-libc")
    assert "the database was made with another" in refusal(fresh)


def test_a_wrong_password_of_the_database_is_named_by_the_task(fresh: Production) -> None:
    fresh.project.up("postgres", "redis", seconds=60)
    url = fresh.folder / "secrets/database_owner_url"
    url.chmod(0o644)
    url.write_text("postgresql://menuvo:wrong@postgres:5432/menuvo")
    with pytest.raises(CommandFailed) as failure:
        fresh.task("migrate")
    assert "PostgreSQL cannot be used: password authentication failed" in failure.value.hint
    assert "Traceback" not in failure.value.hint
