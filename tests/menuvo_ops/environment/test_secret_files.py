"""What the containers read."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some
from redis import Redis, RedisError
from tests.menuvo_ops.environment.certs import make_certificate
from tests.menuvo_ops.environment.complete import AGENT_KEY, COMPLETE, HUB_KEY, values

from menuvo_ops.commands.process import tethered
from menuvo_ops.environment.addresses import database_url, redis_authentication, redis_url
from menuvo_ops.environment.alerting import alerting
from menuvo_ops.environment.deadman import deadman
from menuvo_ops.environment.deployment import Deployment
from menuvo_ops.environment.heartbeats import heartbeats
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.secret_files import contents, materialise
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.redis import provide
from menuvo_ops.local.running import running

PASSWORDS = some.text(
    some.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1
)


@dataclass(frozen=True)
class Login:
    """A probe that speaks the binary protocol, in which a password may be anything."""

    port: int
    password: str

    def healthy(self) -> bool:
        try:
            with Redis(port=self.port, password=self.password) as client:
                return bool(client.ping())
        except RedisError:
            return False


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_secret_is_a_file_with_the_value_alone(tmp_path: Path) -> None:
    materialise(Deployment(tmp_path), values())
    found = files(tmp_path / "secrets")
    for variable in VARIABLES.values():
        if variable.file:
            assert found.pop(variable.file) == COMPLETE[variable.name]
    assert found.keys() == {
        "auth_secret_also",
        "database_url",
        "database_owner_url",
        "redis_url",
        "redis_auth.conf",
        "gatus/alerting.yaml",
        "gatus/deadman.yaml",
        "gatus/heartbeats.yaml",
    }
    assert (tmp_path / "secrets/beszel_hub_key").read_text() == HUB_KEY
    assert (tmp_path / "secrets/beszel_agent_key").read_text() == AGENT_KEY


def test_a_secret_that_is_not_set_is_an_empty_file(tmp_path: Path) -> None:
    materialise(Deployment(tmp_path), values(STRIPE_SECRET_KEY="", BESZEL_HUB_KEY=""))
    assert (tmp_path / "secrets/stripe_secret_key").read_text() == ""
    assert (tmp_path / "secrets/beszel_hub_key").read_text() == ""


def test_others_on_the_host_cannot_enter_and_a_container_s_user_can_read(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir(mode=0o755)
    materialise(Deployment(tmp_path), values())
    assert mode(tmp_path / "secrets") == 0o700
    assert {mode(tmp_path / "secrets" / inner) for inner in ("gatus", "tls")} == {0o755}
    found = [path for path in (tmp_path / "secrets").rglob("*") if path.is_file()]
    assert {mode(path) for path in found} == {0o444}


def test_a_file_is_touched_only_when_its_content_changes(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)
    assert set(materialise(deployment, values())) == contents(values()).keys()
    before = {path: path.stat().st_ino for path in deployment.secrets.iterdir()}
    assert materialise(deployment, values()) == []
    changed = materialise(deployment, values(REDIS_PASSWORD="another password"))
    assert sorted(changed) == ["redis_auth.conf", "redis_password", "redis_url"]
    after = {path: path.stat().st_ino for path in deployment.secrets.iterdir()}
    replaced = {path.name for path, inode in after.items() if before[path] != inode}
    assert replaced == {"redis_auth.conf", "redis_password", "redis_url"}


def test_a_mode_that_somebody_changed_is_mended(tmp_path: Path) -> None:
    materialise(Deployment(tmp_path), values())
    (tmp_path / "secrets/db_password").chmod(0o600)
    materialise(Deployment(tmp_path), values())
    assert mode(tmp_path / "secrets/db_password") == 0o444


def test_an_origin_certificate_is_copied_and_leaves_with_its_mode(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path, "menuvo.app")
    paths = {"ORIGIN_CERTIFICATE_FILE": str(certificate), "ORIGIN_KEY_FILE": str(key)}
    deployment = Deployment(tmp_path)
    materialise(deployment, values(TLS_MODE="origin", **paths))
    assert (deployment.tls / "origin.pem").read_bytes() == certificate.read_bytes()
    assert (deployment.tls / "origin.key").read_bytes() == key.read_bytes()
    materialise(deployment, values(TLS_MODE="acme", **paths))
    assert list(deployment.tls.iterdir()) == []


def test_the_platform_connects_as_the_login_whose_turn_it_is() -> None:
    for login in ("menuvo_app", "menuvo_app_b"):
        address = contents(values(APP_DB_USER=login))["database_url"].reveal()
        assert urlsplit(address).username == login


def test_secrets_of_before_and_after_are_believed_a_line_each() -> None:
    assert contents(values())["auth_secret_also"].reveal() == ""
    both = values(AUTH_SECRET_NEXT="n" * 32, AUTH_SECRET_PREVIOUS="p" * 32)
    assert contents(both)["auth_secret_also"].reveal() == f"{'n' * 32}\n{'p' * 32}\n"


@given(PASSWORDS)
def test_any_password_survives_in_a_url(password: str) -> None:
    held = {"APP_DB_PASSWORD": Redacted(password), "REDIS_PASSWORD": Redacted(password)}
    database = urlsplit(database_url(held).reveal())
    assert (database.scheme, database.username, database.hostname) == (
        "postgresql",
        "menuvo_app",
        "postgres",
    )
    assert unquote(database.password or "") == password
    queue = urlsplit(redis_url(held).reveal())
    assert (queue.hostname, queue.port, queue.path) == ("redis", 6379, "/0")
    assert unquote(queue.password or "") == password


@pytest.mark.system
@pytest.mark.core
def test_redis_reads_any_password(tmp_path: Path) -> None:
    password = "".join(map(chr, range(1, 127))) + "€\\n \\x41 '\""
    port = free_port()
    configuration = tmp_path / "redis.conf"
    own = redis_authentication({"REDIS_PASSWORD": Redacted(password)}).reveal()
    configuration.write_text(f'bind 127.0.0.1\nport {port}\nsave ""\ndir "{tmp_path}"\n{own}')
    program = provide(Path(".menuvo/packages"), lambda _: None)
    argv = tethered([str(program.path), str(configuration)], "KILL")
    with running(argv, log=tmp_path / "log", probe=Login(port, password), env=program.env):
        assert not Login(port, "another").healthy()


def test_gatus_gets_both_channels() -> None:
    told = yaml.safe_load(alerting(values()).replace("$$", "$"))["alerting"]
    assert told["telegram"] == {
        "token": COMPLETE["GATUS_TELEGRAM_TOKEN"],
        "id": COMPLETE["GATUS_TELEGRAM_CHAT_ID"],
    }
    assert told["custom"]["url"] == COMPLETE["ALERT_WEBHOOK_URL"]
    assert "[ALERT_DESCRIPTION]" in told["custom"]["body"]


def test_gatus_replaces_nothing_in_an_address() -> None:
    """It would take `$x` for a variable of its environment."""
    assert "/$$x?" in alerting(values())


def test_gatus_gets_a_valid_document_without_any_channel() -> None:
    assert yaml.safe_load(alerting({})) == {"alerting": {}}


def test_gatus_gets_a_valid_document_without_a_token_for_reports() -> None:
    """With an endpoint that has none it would not start."""
    assert yaml.safe_load(heartbeats({})) == {"external-endpoints": []}
    told = yaml.safe_load(heartbeats(values()))["external-endpoints"]
    assert {one["token"] for one in told} == {COMPLETE["BACKUP_MONITOR_TOKEN"]}


def test_somebody_outside_is_asked_last_and_nobody_where_none_is_named() -> None:
    assert yaml.safe_load(deadman(values(DEADMAN_URL=""))) == {"suites": []}
    (suite,) = yaml.safe_load(deadman(values(DEADMAN_URL="https://hc.example/$x")))["suites"]
    assert [step["url"] for step in suite["endpoints"]] == [
        *("${EDGE_URL}/live", "${EDGE_URL}/health", "https://hc.example/$$x")
    ]


def test_ssh_reads_the_hub_s_key_also_when_the_end_of_its_last_line_was_lost(
    tmp_path: Path,
) -> None:
    materialise(Deployment(tmp_path), values(BESZEL_HUB_KEY=HUB_KEY.rstrip()))
    own = tmp_path / "key"
    own.write_bytes((tmp_path / "secrets/beszel_hub_key").read_bytes())
    own.chmod(0o600)
    argv = ["ssh-keygen", "-y", "-f", str(own)]
    told = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    assert told.split()[:2] == AGENT_KEY.split()[:2]
