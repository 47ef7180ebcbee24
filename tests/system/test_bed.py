"""The test bed itself: what production relies on of its images, and that it leaves nothing."""

import json
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from obstore.exceptions import PermissionDeniedError
from obstore.store import S3Store

from menuvo_ops.errors import ServiceFailed
from menuvo_ops.local.ports import free_port
from menuvo_ops.terminal import talk
from tests.system.bed.bed import Bed
from tests.system.bed.binaries import STORAGE, provide
from tests.system.bed.daemon import WEIGHT_IN_PROCESSES
from tests.system.bed.engine import provide_daemon
from tests.system.bed.fixtures import SECONDS
from tests.system.bed.project import RunningProject

PROJECTS = Path(__file__).parent / "bed" / "projects"
PASSWORD = (PROJECTS / "password").read_text()

pytestmark = pytest.mark.core


@pytest.fixture(scope="module")
def hardened(bed: Bed) -> Generator[RunningProject]:
    environment = {"STORAGE_PORT": str(free_port())}
    with bed.project(PROJECTS / "hardened.yml", environment=environment) as project:
        project.up()
        yield project


def ask(project: RunningProject, sql: str, *, host: str = "postgres") -> str:
    """Over the network and with the password, as the platform asks."""
    address = f"host={host} user=menuvo dbname=menuvo"
    shell = f'PGPASSWORD=$(cat /run/secrets/password) psql "{address}" -Atc "{sql}"'
    return project.execute("postgres", "sh", "-c", shell).strip()


def test_every_service_becomes_healthy(hardened: RunningProject) -> None:
    assert {one.service: one.health for one in hardened.services().values()} == {
        "postgres": "healthy",
        "redis": "healthy",
        "storage": "healthy",
    }


def test_postgres_is_set_up_as_the_environment_and_arguments_say(
    hardened: RunningProject,
) -> None:
    assert ask(hardened, "SHOW server_version_num").startswith("18")
    assert ask(hardened, "SHOW data_checksums") == "on"
    assert ask(hardened, "SHOW max_connections") == "7"
    assert ask(hardened, "SHOW data_directory") == "/var/lib/postgresql/18/docker"
    provider = "SELECT datlocprovider FROM pg_database WHERE datname = 'menuvo'"
    assert ask(hardened, provider) == "i"


def test_postgres_runs_as_its_own_user_and_has_no_capability(hardened: RunningProject) -> None:
    status = Path(f"/proc/{hardened.pid('postgres')}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines())
    assert fields["Uid"].split() == ["70"] * 4
    assert fields["CapEff"] == "0" * 16


def test_postgres_refuses_a_wrong_password(hardened: RunningProject) -> None:
    wrong = "PGPASSWORD=wrong psql 'host=postgres user=menuvo' -c '' 2>&1 || true"
    said = hardened.execute("postgres", "sh", "-c", wrong)
    assert "password authentication failed" in said


def test_postgres_keeps_its_data_and_runs_first_scripts_once(hardened: RunningProject) -> None:
    ask(hardened, "INSERT INTO made_once DEFAULT VALUES")
    hardened.engine.docker(
        ["docker", "restart", hardened.inspect("postgres")["Id"]], what="Restarting PostgreSQL"
    )
    hardened.up("postgres")

    assert ask(hardened, "SELECT count(*) FROM made_once") == "2"
    assert "was shut down" in hardened.logs("postgres").split("listening")[-1]


def test_redis_runs_as_its_own_user_and_wants_the_password(hardened: RunningProject) -> None:
    assert "NOAUTH" in hardened.execute("redis", "redis-cli", "ping")
    version = hardened.execute("redis", "redis-cli", "-a", "a word", "info", "server")
    assert "redis_version:8." in version
    status = Path(f"/proc/{hardened.pid('redis')}/status").read_text()
    assert "Uid:\t999\t999\t999\t999\n" in status


def test_storage_speaks_s3_on_its_published_port(hardened: RunningProject) -> None:
    hardened.execute("storage", "mkdir", "/data/files")
    address = f"http://127.0.0.1:{hardened.environment['STORAGE_PORT']}"

    def opened_with(secret: str) -> S3Store:
        return S3Store(
            "files",
            endpoint=address,
            region="us-east-1",
            access_key_id="menuvo",
            secret_access_key=secret,
            virtual_hosted_style_request=False,
            client_options={"allow_http": True},
        )

    opened_with("a long secret").put("a/b.txt", b"kept")
    assert opened_with("a long secret").get("a/b.txt").bytes() == b"kept"
    with pytest.raises(PermissionDeniedError):
        opened_with("a wrong secret").get("a/b.txt")


def test_a_file_system_is_really_read_only(hardened: RunningProject) -> None:
    for service in hardened.services():
        said = hardened.execute(service, "sh", "-c", "touch /etc/x 2>&1 || true")
        assert "Read-only file system" in said, service


def test_a_service_that_does_not_start_is_explained_by_its_last_words(
    bed: Bed, tmp_path: Path
) -> None:
    file = tmp_path / "compose.yml"
    file.write_text(
        "services:\n  postgres:\n    image: postgres:18-alpine\n    environment: {PGDATA: /x}\n"
    )
    with bed.project(file) as project, pytest.raises(ServiceFailed) as failure:
        project.up(seconds=30)
    assert "--- postgres: failed (exit code 1)" in failure.value.hint
    assert "superuser password is not specified" in failure.value.hint


def test_a_project_goes_with_its_networks_and_volumes(bed: Bed, tmp_path: Path) -> None:
    file = tmp_path / "compose.yml"
    file.write_text(
        "services: {redis: {image: 'redis:8-alpine', volumes: ['kept:/data']}}\nvolumes: {kept: }\n"
    )
    with bed.project(file) as project:
        project.up()
        assert len(things_of(project)) == 3
    assert things_of(project) == []


def things_of(project: RunningProject) -> list[str]:
    label = f"--filter=label=com.docker.compose.project={project.project.name}"
    listings = (["ps", "--all"], ["network", "ls"], ["volume", "ls"])
    asked = (["docker", *words, "--quiet", label] for words in listings)
    return [
        thing for argv in asked for thing in project.engine.docker(argv, what="Listing").split()
    ]


@pytest.mark.private_engine
@pytest.mark.timeout(SECONDS)
def test_a_private_engine_leaves_nothing_behind_even_after_a_crash(tmp_path: Path) -> None:
    """In a network namespace of its own, so that it disturbs no engine beside it."""
    # Nothing can be fetched from in there.
    provide_daemon(talk.print)
    provide(STORAGE, talk.print)
    argv = ["unshare", "--net", "--", sys.executable, "-m", "tests.system.bed.traces"]
    done = subprocess.run([*argv, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)

    # What is looked for is there while an engine runs, and after it was killed. Only sockets die
    # later, with their owners.
    for trace in seen["before"].keys() - {"sockets"}:
        values = [seen[moment][trace] for moment in ("running", "after a crash")]
        assert seen["before"][trace] not in values, trace
    # All containers together are not as little as one process beside them.
    assert seen["running"]["weight"] == WEIGHT_IN_PROCESSES
    # A container comes back by its policy.
    contained = "containers' processes"
    assert seen["restarted"][contained] == seen["running"][contained]
    assert seen["after a stop"] == seen["before"]
    assert seen["after a crash and a new start"] == seen["before"]
