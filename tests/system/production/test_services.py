"""What runs is what the compose file says, seen from the engine and the kernel."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.system.bed.bed import Bed
from tests.system.production.stack import COMPOSE_FILE, PERMANENT, Production

pytestmark = pytest.mark.core

MIB = 1024 * 1024
MEMORY_MIB = {
    "platform-a": 1024,
    "platform-b": 1024,
    "worker-images": 512,
    "worker-imports": 768,
    "postgres": 3072,
    "redis": 256,
    "caddy": 512,
    "postgres-backup": 128,
    "gatus": 128,
    "beszel": 128,
    "beszel-agent": 64,
    "socket-proxy": 48,
}
CPUS = {
    "platform-a": 1.0,
    "platform-b": 1.0,
    "worker-images": 0.5,
    "worker-imports": 0.75,
    "postgres": 2.0,
    "redis": 0.5,
    "caddy": 0.5,
    "postgres-backup": 0.25,
    "gatus": 0.25,
    "beszel": 0.25,
    "beszel-agent": 0.25,
    "socket-proxy": 0.25,
}
LOGGING = {"max-size": "10m", "max-file": "5"}
# Images of others that know no user of their own, and the one that owns Docker's socket; without a
# capability, root is nobody special.
ROOT_WITHOUT_RIGHTS = {"gatus", "beszel", "beszel-agent", "socket-proxy"}
# No shell and no program in the image that could ask.
WITHOUT_HEALTH_CHECK = {"gatus"}


def permanent(production: Production) -> dict[str, dict[str, Any]]:
    return {name: production.project.inspect(name) for name in sorted(PERMANENT)}


def test_every_service_is_healthy(production: Production) -> None:
    services = production.project.services()
    assert services.keys() >= PERMANENT
    for name in PERMANENT:
        expected = "" if name in WITHOUT_HEALTH_CHECK else "healthy"
        assert (services[name].state, services[name].health) == ("running", expected), name


def test_limits_are_set_on_the_containers(production: Production) -> None:
    for name, container in permanent(production).items():
        host = container["HostConfig"]
        assert host["Memory"] == MEMORY_MIB[name] * MIB, name
        assert host["MemorySwap"] == host["Memory"], name
        assert host["NanoCpus"] == CPUS[name] * 1e9, name
        assert 0 < host["PidsLimit"] <= 256, name


def test_the_kernel_holds_the_memory_limit(production: Production) -> None:
    """Read where the kernel keeps it: from the control group of the process itself."""
    for name in PERMANENT:
        limit = memory_limit(production.project.pid(name))
        assert limit == MEMORY_MIB[name] * MIB, name


def test_nothing_can_change_itself_or_gain_rights(production: Production) -> None:
    for name, container in permanent(production).items():
        host = container["HostConfig"]
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert "no-new-privileges=true" in host["SecurityOpt"], name
        assert not host["Privileged"], name


def test_a_reload_of_caddy_resets_no_connection_that_waits(production: Production) -> None:
    """The kernel hands what waits at its old socket to the new one."""
    asked = ("cat", "/proc/sys/net/ipv4/tcp_migrate_req")
    assert production.project.execute("caddy", *asked).strip() == "1"


def test_processes_run_without_rights(production: Production) -> None:
    for name in PERMANENT - {"postgres", "caddy"}:
        fields = status_of(production.project.pid(name))
        assert fields["CapEff"] == "0" * 16, name
        assert name in ROOT_WITHOUT_RIGHTS or fields["Uid"].split()[1] != "0", name


def test_postgres_serves_as_its_own_user(production: Production) -> None:
    fields = status_of(production.project.pid("postgres"))
    assert fields["Uid"].split()[1] == "70"
    assert fields["CapEff"] == "0" * 16


def test_a_write_outside_of_its_folders_is_refused(production: Production) -> None:
    for name in ("platform-a", "caddy", "redis", "postgres", "postgres-backup"):
        said = production.project.execute(name, "sh", "-c", "touch /usr/x 2>&1 || true")
        assert "Read-only file system" in said, name


def test_only_80_and_443_are_published(production: Production) -> None:
    published = {
        (name, port)
        for name, container in permanent(production).items()
        for port, bindings in (container["NetworkSettings"]["Ports"] or {}).items()
        if bindings
    }
    assert published == {("caddy", "80/tcp"), ("caddy", "443/tcp"), ("caddy", "443/udp")}


def test_database_and_queue_have_no_way_out(production: Production) -> None:
    for name in ("postgres", "redis"):
        [network] = permanent(production)[name]["NetworkSettings"]["Networks"]
        assert network.endswith("_data")
    shown = production.project.engine.docker(
        ["docker", "network", "inspect", f"{production.project.project.name}_data"],
        what="Looking at the inner network",
    )
    assert json.loads(shown)[0]["Internal"]


def test_no_secret_stands_in_an_environment_or_an_argument(production: Production) -> None:
    """Beszel reads its first account from nowhere else."""
    secrets = {
        file.name: file.read_text()
        for file in (production.folder / "secrets").iterdir()
        if file.is_file() and "s3_access" not in file.name and len(file.read_text()) > 8
    }
    assert {"db_password", "redis_password", "auth_secret", "database_url"} <= secrets.keys()
    for name, container in permanent(production).items():
        visible = json.dumps([container["Config"]["Env"], container["Args"], container["Path"]])
        for secret, value in secrets.items():
            assert json.dumps(value)[1:-1] not in visible, f"{secret} in {name}"


def test_every_log_is_bounded(production: Production) -> None:
    for name, container in permanent(production).items():
        assert container["HostConfig"]["LogConfig"]["Config"] == LOGGING, name


def test_a_log_that_is_full_gives_way_to_a_new_one(bed: Bed) -> None:
    """A container that talks for ever, with the options of ours."""
    options = [f"--log-opt={name}={value}" for name, value in LOGGING.items()]
    talk = ["sh", "-c", "yes 'a line that nobody reads' | head -c 30000000"]
    run = ["docker", "run", "--detach", "--log-driver=json-file", *options, "redis:8-alpine"]
    container = bed.engine.docker([*run, *talk], what="Talking").strip()
    try:
        bed.engine.docker(["docker", "wait", container], what="Listening")
        asked = ["docker", "inspect", "--format", "{{.LogPath}}", container]
        log = Path(bed.engine.docker(asked, what="Finding the log").strip())
        sizes = [file.stat().st_size for file in log.parent.glob(f"{log.name}*")]
    finally:
        bed.engine.docker(["docker", "rm", "--force", container], what="Removing")
    assert len(sizes) == 5
    assert max(sizes) <= 10.1 * MIB


def test_the_compose_file_is_clean(production: Production) -> None:
    """By itself, with the environment that `menuvo env init` has written."""
    argv = ["docker", "compose", f"--file={COMPOSE_FILE}", "config", "--quiet"]
    argv.insert(3, f"--env-file={production.folder / '.env'}")
    environment = {**os.environ, **production.project.engine.environment}
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_image_says_what_it_is_and_has_nothing_to_build_with(production: Production) -> None:
    labels = production.project.inspect("platform-a")["Config"]["Labels"]
    assert labels["org.opencontainers.image.version"] == "bed"
    assert labels["org.opencontainers.image.revision"] == "bed"
    for tool in ("pip", "pip3", "uv", "gcc", "make"):
        found = production.project.execute("platform-a", "sh", "-c", f"command -v {tool} || true")
        assert found == "", tool


def test_postgres_is_tuned_checked_and_watched(production: Production) -> None:
    assert production.sql("SHOW data_checksums") == "on"
    assert production.sql("SHOW shared_buffers") == "768MB"
    assert production.sql("SHOW log_min_duration_statement") == "500ms"
    assert int(production.sql("SELECT count(*) FROM pg_stat_statements")) > 0
    icu = "SELECT datlocprovider FROM pg_database WHERE datname = 'menuvo'"
    assert production.sql(icu) == "i"


def test_the_platform_is_no_owner_and_no_superuser(production: Production) -> None:
    connected = "SELECT DISTINCT usename FROM pg_stat_activity WHERE usename LIKE 'menuvo_app'"
    assert production.sql(connected) == "menuvo_app"
    rights = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'menuvo_app'"
    assert production.sql(rights) == "f|f"


def status_of(pid: int) -> dict[str, str]:
    """The first process that is not Docker's init."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    is_init = Path(f"/proc/{pid}/comm").read_text().strip() in {"docker-init", "tini"}
    process = children[0] if is_init else pid
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def memory_limit(pid: int) -> int:
    """In bytes, from control groups of either version."""
    root, groups = Path("/sys/fs/cgroup"), Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    for group in groups:
        _, controllers, path = group.split(":", 2)
        if "memory" in controllers.split(","):
            return int((root / "memory" / path.lstrip("/") / "memory.limit_in_bytes").read_text())
    [unified] = [group.split(":", 2)[2] for group in groups if group.startswith("0::")]
    return int((root / unified.lstrip("/") / "memory.max").read_text())
