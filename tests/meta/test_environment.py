"""The environment of a production: its pages, and what it may depend on."""

import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from menuvo_backup.errors import SettingsError
from menuvo_backup.monitor import ENDPOINTS, PERIOD_SECONDS
from menuvo_backup.settings import VARIABLES as BACKUP_VARIABLES
from menuvo_backup.settings import read_settings
from menuvo_ops.containers.memory import Service, judge_limits
from menuvo_ops.environment.age import recipient_of
from menuvo_ops.environment.checks import judge
from menuvo_ops.environment.dotenv import parse
from menuvo_ops.environment.heartbeats import heartbeats
from menuvo_ops.environment.needs import ALWAYS
from menuvo_ops.environment.pages import pages
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.secret_files import contents
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.rollout.plan import TASKS

CHECKOUT = Path(__file__).parents[2]
PAGES = pages(CHECKOUT)
# The same in every process: tests are named by it.
IDENTITY = "AGE-SECRET-KEY-1R9K002S9XZFKHEG468WEFMZMTL6QGNVCHX7FYYJZYCFWPM0F884Q54JXFC"
RECIPIENT = recipient_of(IDENTITY) or ""
COMPOSE = (CHECKOUT / "infra/docker-compose.yml").read_text(encoding="utf-8")
# What stands around a production and not in its .env: where it is tried out and by whom.
SURROUNDINGS = re.compile(
    r"(?:\w+_)?(?:IMAGE|PORT|DIR|SOCKET|PROJECT_NAME)|EDGE_INSECURE|PUBLIC_URL"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_the_pages_made_of_the_variables_are_current(page: Path) -> None:
    """Else run: .venv/bin/python -m menuvo_ops.environment.pages"""
    assert page.read_text(encoding="utf-8") == PAGES[page]


def test_the_example_is_an_environment_itself() -> None:
    document = parse((CHECKOUT / "infra/env.example").read_text(encoding="utf-8"))
    assert document.mistakes == ()
    assert [found.name for found in document.assignments] == list(VARIABLES)
    assert {found.name for found in document.assignments if found.value} == {
        name for name, variable in VARIABLES.items() if variable.default
    }


def test_every_name_that_containers_read_as_a_file_has_one_file() -> None:
    files = [variable.file for variable in VARIABLES.values() if variable.file]
    assert len(files) == len(set(files))


def test_the_compose_file_reads_no_name_that_we_do_not_write() -> None:
    used = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", COMPOSE))
    assert {name for name in used - VARIABLES.keys() if not SURROUNDINGS.fullmatch(name)} == set()


def test_the_compose_file_has_our_defaults() -> None:
    """A file without a name and one with its default mean the same."""
    defaults = re.findall(r"\$\{([A-Z0-9_]+):-([^}$]*)\}", COMPOSE)
    ours = [(name, VARIABLES[name].default) for name, _ in defaults if name in VARIABLES]
    assert [(name, value) for name, value in defaults if name in VARIABLES] == ours


def test_the_compose_file_demands_no_name_that_may_be_empty() -> None:
    demanded = {name for name in re.findall(r"\$\{([A-Z0-9_]+):\?", COMPOSE) if name in VARIABLES}
    assert demanded
    assert {name for name in demanded if VARIABLES[name].needed is not ALWAYS} == set()


def test_the_permanent_services_fit_on_the_server() -> None:
    """As `menuvo env check` computes it where Docker is, and as the file says of itself."""
    services = yaml.safe_load(COMPOSE)["services"]
    permanent = {name: one for name, one in services.items() if "profiles" not in one}
    limits = {name: {"mem_limit": str(in_bytes(one))} for name, one in permanent.items()}
    assert judge_limits(cast("dict[str, Service]", limits)) is None
    together = sum(in_bytes(one) for one in permanent.values()) // 1024**2
    assert f"add up to {together:,} MiB" in COMPOSE


def test_a_task_takes_little_memory_and_ends_for_good() -> None:
    """It runs beside everything else, in what the permanent services leave."""
    services = yaml.safe_load(COMPOSE)["services"]
    tasks = {name: one for name, one in services.items() if "profiles" in one}
    assert tasks.keys() == TASKS
    for name, task in tasks.items():
        assert in_bytes(task) <= 512 * 1024**2, name
        assert task["memswap_limit"] == task["mem_limit"], name
        assert (task["profiles"], task["restart"]) == (["tasks"], "no"), name


def test_only_instances_and_the_edge_are_given_the_token_of_the_probe() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    given = {name for name, one in services.items() if "probe_token" in one.get("secrets", ())}
    assert given == {"platform-a", "platform-b", "canary", "caddy"}


def test_the_backup_service_reports_under_the_names_that_gatus_knows() -> None:
    token = "mO4nI7tO2rT9kQ5wZ1xM6vN8cL3hJ0sD"
    told = yaml.safe_load(heartbeats({"BACKUP_MONITOR_TOKEN": Redacted(token)}))
    told = told["external-endpoints"]
    names = [f"{one['group']}_{one['name']}".lower().replace(" ", "-") for one in told]
    assert names == list(ENDPOINTS)
    # One that is silent says nothing four times, which is one alert.
    (interval,) = [one["heartbeat"]["interval"] for one in told if "heartbeat" in one]
    # Else every report that is a little late would be an alert.
    assert int(interval.removesuffix("s")) > 2 * PERIOD_SECONDS


def test_only_the_backup_service_is_given_the_token_of_its_reports() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    named = {
        name for name, one in services.items() if "backup_monitor_token" in one.get("secrets", ())
    }
    assert named == {"postgres-backup"}


@pytest.mark.parametrize("name", ["backup-verify", "backup-recover"])
def test_what_needs_no_live_database_has_no_way_to_it(name: str) -> None:
    task = yaml.safe_load(COMPOSE)["services"][name]
    assert task["networks"] == ["edge"]
    assert not any("database" in name for name in task["secrets"])
    assert not any("DATABASE" in name for name in task["environment"])


def test_of_the_live_databases_volume_only_a_folder_is_mounted_elsewhere() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    mounts: list[tuple[str, str | dict[str, Any]]] = [
        (name, mount) for name, one in services.items() for mount in one.get("volumes", ())
    ]
    whole = [name for name, one in mounts if isinstance(one, str) and "postgres-data:" in one]
    parts = {
        name: one["volume"]
        for name, one in mounts
        if not isinstance(one, str) and one["source"] == "postgres-data"
    }
    assert whole == ["postgres"]
    assert parts == {"backup-recover": {"subpath": "recovered"}}


def test_only_what_handles_backups_is_given_the_key_that_opens_them() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    given = {n for n, one in services.items() if "backup_age_identity" in one.get("secrets", ())}
    assert given == {"postgres-backup", "backup-verify", "backup-restore", "backup-recover"}


def in_bytes(service: dict[str, str]) -> int:
    limit = service["mem_limit"]
    return int(limit[:-1]) * {"m": 1024**2, "g": 1024**3}[limit[-1]]


def test_every_secret_of_the_compose_file_is_written() -> None:
    secrets = yaml.safe_load(COMPOSE)["secrets"]
    files = {Path(secret["file"]).name for secret in secrets.values()}
    assert files - contents({}).keys() == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BACKUP_S3_ENDPOINT", "https://account.r2.cloudflarestorage.com"),
        ("BACKUP_S3_ENDPOINT", "http://s3:7070/"),
        ("BACKUP_S3_ENDPOINT", "https://host/bucket"),
        ("BACKUP_S3_ENDPOINT", "https://key:secret@host"),
        ("BACKUP_S3_ENDPOINT", "https://host?x=1"),
        ("BACKUP_S3_ENDPOINT", "host"),
        ("BACKUP_S3_REGION", "eu-central-1"),
        ("BACKUP_S3_REGION", "EU"),
        ("BACKUP_S3_BUCKET", "menuvo-backups"),
        ("BACKUP_S3_BUCKET", "My_Bucket"),
        ("BACKUP_S3_PREFIX", "menuvo/nightly/"),
        ("BACKUP_S3_PREFIX", ".menuvo"),
        ("BACKUP_S3_PREFIX", "menuvo/.hidden"),
        ("BACKUP_S3_PREFIX", "../menuvo"),
        ("BACKUP_S3_PREFIX", "menü"),
        ("BACKUP_S3_ACCESS_KEY_ID", "AB"),
        ("BACKUP_S3_ACCESS_KEY_ID", "A KEY"),
        ("BACKUP_KEEP_DAYS", "0"),
        ("BACKUP_KEEP_DAYS", "999"),
        ("BACKUP_KEEP_DAYS", "1000"),
        ("BACKUP_KEEP_DAYS", "٣"),
        ("BACKUP_CRON", "30 3 * * *"),
        ("BACKUP_CRON", "0 3 * * mon-fri"),
        ("BACKUP_CRON", "*/15 3,4 1-7 jan *"),
        ("BACKUP_CRON", "0 3 * *"),
        ("BACKUP_CRON", "61 3 * * *"),
        ("BACKUP_CRON", "@daily"),
        ("BACKUP_CRON", "0 3 * * 5-2"),
        ("BACKUP_VERIFY", "true"),
        ("BACKUP_VERIFY", "on"),
        ("BACKUP_AGE_RECIPIENT", RECIPIENT),
        ("BACKUP_AGE_RECIPIENT", f"{RECIPIENT}, {RECIPIENT}"),
        ("BACKUP_AGE_RECIPIENT", RECIPIENT.upper()),
        ("BACKUP_AGE_RECIPIENT", RECIPIENT[:-1]),
        ("BACKUP_AGE_RECIPIENT", "ssh-ed25519 AAAA"),
        ("BACKUP_AGE_IDENTITY", IDENTITY),
        ("BACKUP_AGE_IDENTITY", f"{IDENTITY} {IDENTITY}"),
        ("BACKUP_AGE_IDENTITY", IDENTITY.lower()),
        ("BACKUP_AGE_IDENTITY", RECIPIENT),
        ("BACKUP_WAL", "off"),
        ("BACKUP_WAL", "true"),
        ("BACKUP_BASE_CRON", "0 4 * * 0,3"),
        ("BACKUP_BASE_CRON", "weekly"),
        ("BACKUP_WINDOW_DAYS", "14"),
        ("BACKUP_WINDOW_DAYS", "0"),
    ],
)
def test_the_backup_refuses_what_the_check_refuses(name: str, value: str) -> None:
    """What the check lets through must not stop the container, and the other way round."""
    problem = judge(VARIABLES[name], value)
    environment = {
        "DATABASE_URL": "postgresql://menuvo@postgres/menuvo",
        "BACKUP_S3_ENDPOINT": "https://host",
        "BACKUP_S3_BUCKET": "backups",
        "BACKUP_S3_ACCESS_KEY_ID": "key",
        "BACKUP_S3_SECRET_ACCESS_KEY": "secret",
        name: value,
    }
    with pytest.raises(SettingsError) if problem else nullcontext():
        read_settings(environment)


def test_the_backup_has_the_defaults_of_the_environment() -> None:
    shared = {variable.name: variable.default for variable in BACKUP_VARIABLES}
    ours = {name: VARIABLES[name].default for name in shared if name in VARIABLES}
    assert {name: shared[name] for name in ours} == ours
    assert ours["BACKUP_CRON"] == "30 3 * * *"


OLDEST_ON_A_SERVER = "3.10"


def test_the_environment_is_typed_for_the_oldest_python_of_a_server() -> None:
    """The server's own python3 runs it, which is older than the one of a clone."""
    program = Path(sys.executable).with_name("basedpyright")
    code = [CHECKOUT / "src/menuvo_ops/environment", CHECKOUT / "src/menuvo_ops/errors.py"]
    argv = [program, "--pythonversion", OLDEST_ON_A_SERVER, *code]
    done = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_environment_needs_the_standard_library_alone() -> None:
    """It also runs on the server, where nothing is installed."""
    source = (
        "import sys\n"
        f"sys.path.insert(0, {str(CHECKOUT / 'src')!r})\n"
        "import menuvo_ops.environment\n"
        "foreign = {name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names\n"
        "foreign -= {'menuvo_ops', '__main__'}\n"
        "print(*(name for name in foreign if not name.startswith('_sysconfigdata')))\n"
    )
    argv = [sys.executable, "-I", "-S", "-c", source]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
