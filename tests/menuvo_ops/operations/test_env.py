"""`menuvo env`, as it is typed."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.menuvo_ops.environment.complete import AGENT_KEY, COMPLETE, secret_values, write_env

from menuvo_ops import cli
from menuvo_ops.environment import Deployment
from menuvo_ops.environment.age import new_identity, recipient_of
from menuvo_ops.environment.dotenv import parse
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.local.paths import Clone
from menuvo_ops.operations import env_init

# As the system was first described.
SEED = [
    *("DB_PASSWORD", "AUTH_SECRET", "S3_ENDPOINT", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"),
    *("S3_BUCKET", "S3_FILES_BUCKET", "S3_PUBLIC_URL", "S3_REGION", "STRIPE_SECRET_KEY"),
    *("STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET_THIN", "VITE_STRIPE_PUBLISHABLE_KEY"),
    *("OPENROUTER_API_KEY", "VITE_SENTRY_DSN", "SENTRY_AUTH_TOKEN", "BESZEL_AGENT_KEY"),
    *("GATUS_TELEGRAM_TOKEN", "GATUS_TELEGRAM_CHAT_ID", "BACKUP_S3_BUCKET", "BACKUP_S3_PREFIX"),
    *("BACKUP_S3_ENDPOINT", "BACKUP_S3_REGION", "BACKUP_S3_ACCESS_KEY_ID"),
    *("BACKUP_S3_SECRET_ACCESS_KEY", "BACKUP_KEEP_DAYS", "BACKUP_CRON", "VERSION"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment, and the current folder."""
    monkeypatch.setattr(cli, "this_clone", lambda: Clone(tmp_path / "no clone"))
    deployment = tmp_path / "deployment"
    deployment.mkdir()
    (deployment / "docker-compose.yml").touch()
    monkeypatch.chdir(deployment)
    provide_docker(tmp_path, monkeypatch, config=compose_config(platform="3g"))
    return deployment


def compose_config(**limits: str) -> str:
    """As `docker compose config --format=json` prints it, without what nobody here reads."""
    services = {name: {"mem_limit": str(parse_size(limit))} for name, limit in limits.items()}
    return json.dumps({"services": services})


def parse_size(limit: str) -> int:
    return int(limit[:-1]) * {"m": 1024**2, "g": 1024**3}[limit[-1]]


def provide_docker(folder: Path, monkeypatch: pytest.MonkeyPatch, *, config: str) -> None:
    """One that reads every compose file alike, whatever this machine has."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    (folder / "config.json").write_text(config)
    (programs / "docker").write_text(
        f'#!/bin/sh\ncase "$*" in *config*) cat {folder}/config.json ;; esac\n'
    )
    (programs / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")


class Menuvo:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self._monkeypatch.setattr(sys, "argv", ["menuvo", "env", *arguments])
        with pytest.raises(SystemExit) as ending:
            cli.main()
        told = self._capsys.readouterr()
        return int(ending.value.code or 0), told.out, told.err

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json")[1])


@pytest.fixture
def menuvo(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Menuvo:
    return Menuvo(monkeypatch, capsys)


def read(file: Path) -> dict[str, str]:
    document = parse(file.read_text())
    assert document.mistakes == ()
    assert all(found.alike for found in document.assignments)
    return {found.name: found.value.reveal() for found in document.assignments}


def seed_file(folder: Path) -> Path:
    """With everything that a file picks up on its way through editors."""
    vite = {old: COMPLETE[old.removeprefix("VITE_")] for old in SEED if old.startswith("VITE_")}
    lines = [f"export {name}='{(COMPLETE | vite)[name]}'" for name in SEED if name != "DB_PASSWORD"]
    lines += ["# from Anna, 2024", 'DB_PASSWORD="x2Kp$9vQ mT7"', "MY_OWN=1", ""]
    file = folder / "old.env"
    file.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    return file


def test_one_command_makes_a_complete_file_with_secrets(folder: Path, menuvo: Menuvo) -> None:
    code, told, _ = menuvo("init", "--domain", "menuvo.app")
    assert code == 0
    made = read(folder / ".env")
    assert list(made) == list(VARIABLES)
    assert made["DOMAIN"] == "menuvo.app"
    for name in ("DB_PASSWORD", "APP_DB_PASSWORD", "REDIS_PASSWORD", "AUTH_SECRET", "PROBE_TOKEN"):
        assert len(made[name]) == 40
        assert name in told
        assert made[name] not in told
    assert made["BESZEL_AGENT_KEY"].startswith("ssh-ed25519 ")
    assert made["BESZEL_USER_EMAIL"] == "admin@menuvo.app"
    assert (folder / ".env").stat().st_mode & 0o777 == 0o600
    assert (folder / "secrets/db_password").read_text() == made["DB_PASSWORD"]


def test_what_nobody_but_the_operator_can_know_is_left_empty_and_said(
    folder: Path, menuvo: Menuvo
) -> None:
    _, told, _ = menuvo("init")
    empty = {name for name, value in read(folder / ".env").items() if not value}
    for name in ("DOMAIN", "ACME_EMAIL", "S3_ENDPOINT", "BACKUP_S3_BUCKET", "VERSION"):
        assert name in empty
        assert f"  {name} is missing. It looks like: " in told


def test_two_runs_give_two_sets_of_secrets(folder: Path, menuvo: Menuvo, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    menuvo("init")
    menuvo("init", "--directory", str(other))
    one, two = read(folder / ".env"), read(other / ".env")
    for name, variable in VARIABLES.items():
        assert not (variable.secret and one[name]) or one[name] != two[name], name


def test_a_second_run_changes_nothing(folder: Path, menuvo: Menuvo) -> None:
    menuvo("init", "--domain", "menuvo.app")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    code, told, _ = menuvo("init")
    assert code == 0
    assert told.startswith("Nothing to add to ")
    assert "Generated" not in told
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_every_value_is_kept_and_what_is_new_is_added_and_named(
    folder: Path, menuvo: Menuvo
) -> None:
    file = write_env(folder, REDIS_PASSWORD="", TIME_ZONE="")
    file.write_text(f"# from Anna\n{file.read_text()}MY_OWN='a$b'\n# the end\n")
    code, told, _ = menuvo("init")
    after = read(file)
    assert code == 0
    kept = {name: value for name, value in COMPLETE.items() if name != "REDIS_PASSWORD"}
    assert {name: after[name] for name in kept} == kept
    assert after["MY_OWN"] == "a$b"
    assert "Generated: REDIS_PASSWORD\n" in told
    assert "Set to the default: TIME_ZONE\n" in told
    assert "Unknown, and kept: MY_OWN\n" in told
    assert "# from Anna\nDOMAIN=menuvo.app\n" in file.read_text()
    assert file.read_text().endswith("MY_OWN='a$b'\n# the end\n")
    assert [secret for secret in secret_values() if secret in told] == []


def test_a_file_that_others_can_read_is_said_and_mended(folder: Path, menuvo: Menuvo) -> None:
    file = write_env(folder)
    file.chmod(0o644)
    code, told, _ = menuvo("check")
    assert code == 1
    assert ".env can be read by others: its mode is 0644, not 0600. Run: menuvo env init" in told
    _, told, _ = menuvo("init")
    assert "(mode 0644); now it is 0600" in told
    assert file.stat().st_mode & 0o777 == 0o600
    assert menuvo("check")[0] == 0


def test_the_environment_of_the_seed_is_accepted(folder: Path, menuvo: Menuvo) -> None:
    code, told, _ = menuvo("init", "--from", str(seed_file(folder)), "--domain", "menuvo.app")
    assert code == 0
    after = read(folder / ".env")
    for name in SEED:
        plain = name.removeprefix("VITE_")
        assert after[plain] == (COMPLETE[plain] if plain != "DB_PASSWORD" else "x2Kp$9vQ mT7")
    assert "VITE_SENTRY_DSN -> SENTRY_DSN" in told
    assert "VITE_STRIPE_PUBLISHABLE_KEY -> STRIPE_PUBLISHABLE_KEY" in told
    assert "Unknown, and kept: MY_OWN" in told
    assert "Generated: APP_DB_PASSWORD, REDIS_PASSWORD, " in told
    assert "x2Kp" not in told
    assert "# from Anna, 2024\nDB_PASSWORD='x2Kp$9vQ mT7'\n" in (folder / ".env").read_text()


@pytest.mark.parametrize("order", [1, -1])
def test_an_empty_plain_name_hides_no_value_of_the_older_one(
    folder: Path, menuvo: Menuvo, order: int
) -> None:
    lines = ["VITE_SENTRY_DSN=https://k@sentry.io/1", "SENTRY_DSN="]
    (folder / ".env").write_text("\n".join(lines[::order]))
    assert menuvo("init")[0] == 0
    assert read(folder / ".env")["SENTRY_DSN"] == "https://k@sentry.io/1"


def test_a_hub_that_moves_along_keeps_its_pair_and_its_private_half_is_asked_for(
    folder: Path, menuvo: Menuvo
) -> None:
    _, told, _ = menuvo("init", "--from", str(seed_file(folder)))
    after = read(folder / ".env")
    assert (after["BESZEL_AGENT_KEY"], after["BESZEL_HUB_KEY"]) == (AGENT_KEY, "")
    assert "BESZEL_HUB_KEY is missing. BESZEL_AGENT_KEY is that of an older hub" in told
    assert "docker cp CONTAINER:/beszel_data/id_ed25519 - | tar -xOf -" in told


def test_a_lost_public_half_is_read_from_the_private_one(folder: Path, menuvo: Menuvo) -> None:
    write_env(folder, BESZEL_AGENT_KEY="")
    menuvo("init")
    assert read(folder / ".env")["BESZEL_AGENT_KEY"] == AGENT_KEY


def test_a_pair_to_seal_backups_is_made_when_it_is_asked_for_and_never_replaced(
    folder: Path, menuvo: Menuvo
) -> None:
    menuvo("init", "--domain", "menuvo.app")
    assert read(folder / ".env")["BACKUP_AGE_RECIPIENT"] == ""
    code, told, _ = menuvo("init", "--seal")
    made = read(folder / ".env")
    assert code == 0
    assert "Generated: BACKUP_AGE_IDENTITY, BACKUP_AGE_RECIPIENT" in told
    assert "somewhere else as well" in told
    assert made["BACKUP_AGE_IDENTITY"] not in told
    assert recipient_of(made["BACKUP_AGE_IDENTITY"]) == made["BACKUP_AGE_RECIPIENT"]
    assert (folder / "secrets/backup_age_identity").read_text() == made["BACKUP_AGE_IDENTITY"]
    _, told, _ = menuvo("init", "--seal")
    assert read(folder / ".env") == made
    assert "BACKUP_AGE_IDENTITY down" not in told


def test_half_a_pair_is_completed_where_that_can_be_and_else_left_alone(
    folder: Path, menuvo: Menuvo
) -> None:
    identity = new_identity()
    write_env(folder, BACKUP_AGE_RECIPIENT="", BACKUP_AGE_IDENTITY=identity)
    menuvo("init", "--seal")
    assert read(folder / ".env")["BACKUP_AGE_RECIPIENT"] == recipient_of(identity)
    write_env(folder, BACKUP_AGE_IDENTITY="")
    menuvo("init", "--seal")
    assert read(folder / ".env")["BACKUP_AGE_IDENTITY"] == ""
    assert read(folder / ".env")["BACKUP_AGE_RECIPIENT"] == COMPLETE["BACKUP_AGE_RECIPIENT"]


def test_from_the_file_itself_is_the_same_as_without(folder: Path, menuvo: Menuvo) -> None:
    write_env(folder)
    code, told, _ = menuvo("init", "--from", ".env")
    assert code == 0
    assert "Taken over" not in told
    assert {name: read(folder / ".env")[name] for name in COMPLETE} == COMPLETE


def test_another_file_fills_what_is_empty_and_replaces_nothing(
    folder: Path, menuvo: Menuvo, tmp_path: Path
) -> None:
    write_env(folder, S3_BUCKET="", DEADMAN_URL="")
    other = tmp_path / "other"
    other.mkdir()
    write_env(other, S3_BUCKET="another", S3_REGION="eu", BACKUP_KEEP_DAYS="7")
    _, told, _ = menuvo("init", "--from", str(other / ".env"))
    after = read(folder / ".env")
    assert (after["S3_BUCKET"], after["S3_REGION"]) == ("another", "auto")
    assert "Taken over: S3_BUCKET, DEADMAN_URL\n" in told
    assert "Not replaced, though the other file says something else: S3_REGION\n" in told


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (None, 2, "There is no file"),
        (b"DB_PASSWORD=s3cr\xe9t", 1, "is not UTF-8: its byte 17 is none"),
        (b"DOMAIN=menuvo.app\ns3cret\n", 1, "line 2: this is not NAME=value"),
        (b"A='s3cret\nB=1\nB=s3cret", 1, "line 1: the quote that opens the value of A has no end"),
        (b"A='s3cret\nB=1\nB=s3cret", 1, "line 3: B has another value here than in line 2"),
        (
            b"SENTRY_DSN=s3cret\nVITE_SENTRY_DSN=other",
            1,
            "line 2: VITE_SENTRY_DSN is another name of SENTRY_DSN, which has another value",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_nothing_is_written(
    folder: Path, menuvo: Menuvo, *, content: bytes | None, code: int, told: str
) -> None:
    if content is not None:
        (folder / "old.env").write_bytes(content)
    exit_code, out, err = menuvo("init", "--from", "old.env")
    assert (exit_code, out) == (code, "")
    assert told in err
    assert "s3cr" not in err
    assert not (folder / ".env").exists()
    assert not (folder / "secrets").exists()


def test_a_folder_in_the_place_of_a_file_is_refused(folder: Path, menuvo: Menuvo) -> None:
    code, _, err = menuvo("init", "--from", ".")
    assert code == 2
    assert "cannot be read: Is a directory." in err


def test_an_own_file_with_a_mistake_is_refused_and_left_alone(folder: Path, menuvo: Menuvo) -> None:
    (folder / ".env").write_text("DB_PASSWORD='s3cret\n")
    code, _, err = menuvo("init")
    assert code == 1
    assert "line 1:" in err
    assert (folder / ".env").read_text() == "DB_PASSWORD='s3cret\n"


def test_a_domain_that_is_none_is_refused(folder: Path, menuvo: Menuvo) -> None:
    code, _, err = menuvo("init", "--domain", "https://menuvo.app")
    assert code == 2
    assert err.startswith(
        "The domain is malformed: 'https://menuvo.app'.\nIt looks like: menuvo.app"
    )
    assert not (folder / ".env").exists()


def test_another_domain_than_the_one_that_is_there_is_refused(folder: Path, menuvo: Menuvo) -> None:
    write_env(folder)
    assert menuvo("init", "--domain", "menuvo.app")[0] == 0
    code, _, err = menuvo("init", "--domain", "menuvo.org")
    assert code == 2
    assert "The domain is menuvo.app already" in err


def test_at_a_terminal_it_asks_for_what_it_cannot_know(
    folder: Path, menuvo: Menuvo, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["Menuvo.app", "menuvo.app", "", "https://s3.example.org"])
    asked: list[str] = []

    def answer(prompt: str, *, password: bool) -> str:
        asked.append(prompt)
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(env_init.talk, "input", answer)
    code, _, err = menuvo("init")
    assert code == 0
    assert "This is malformed: 'Menuvo.app'." in err
    after = read(folder / ".env")
    assert (after["DOMAIN"], after["ACME_EMAIL"]) == ("menuvo.app", "")
    assert after["S3_ENDPOINT"] == "https://s3.example.org"
    assert len(asked) == 5
    assert menuvo("init")[0] == 0
    assert len(asked) == 5


def test_check_names_everything_at_once(folder: Path, menuvo: Menuvo) -> None:
    file = write_env(folder, DOMAIN="", AUTH_SECRET="hidden", DEADMAN_URL="")
    file.write_text(f"{file.read_text()}s3cret\n")
    code, told, _ = menuvo("check")
    assert code == 1
    assert "error   DOMAIN is missing. It looks like: menuvo.app" in told
    assert "error   AUTH_SECRET is too short: it has 6 of at least 32 characters." in told
    assert f"error   .env line {len(COMPLETE) + 1}: this is not NAME=value." in told
    assert "warning DEADMAN_URL is empty" in told
    assert told.endswith(".env: 3 errors, 1 warning\n")
    assert "s3cret" not in told
    assert "hidden" not in told


def test_check_for_programs(folder: Path, menuvo: Menuvo) -> None:
    write_env(folder, DOMAIN="", DEADMAN_URL="")
    report = menuvo.json("check")
    assert report["ok"] is False
    assert report["file"] == str(folder / ".env")
    assert [error["name"] for error in report["errors"]] == ["DOMAIN"]
    assert [warning["name"] for warning in report["warnings"]] == ["DEADMAN_URL"]
    assert report["errors"][0].keys() == {"name", "problem", "remedy"}


def test_warnings_alone_are_fine(folder: Path, menuvo: Menuvo) -> None:
    write_env(folder, DEADMAN_URL="")
    code, told, _ = menuvo("check")
    assert code == 0
    assert told.endswith("is complete, 1 warning.\n")


def test_limits_beyond_the_server_are_an_error(
    folder: Path, menuvo: Menuvo, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_env(folder)
    provide_docker(folder.parent, monkeypatch, config=compose_config(platform="3g", db="4608m"))
    assert menuvo("check")[0] == 0
    provide_docker(folder.parent, monkeypatch, config=compose_config(platform="3g", db="4609m"))
    code, told, _ = menuvo("check")
    assert code == 1
    problem = "has memory limits of 7,681 MiB together, more than 7,680 MiB. Lower some; db has the"
    assert f"error   docker-compose.yml {problem} highest.\n" in told


def test_a_service_without_a_limit_is_an_error(
    folder: Path, menuvo: Menuvo, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_env(folder)
    config = '{"services": {"db": {"mem_limit": "1024"}, "web": {}, "job": {}}}'
    provide_docker(folder.parent, monkeypatch, config=config)
    code, told, _ = menuvo("check")
    assert code == 1
    assert "docker-compose.yml has no memory limit for web, job. Give each" in told


def test_without_docker_the_limits_were_not_checked_and_that_is_said(
    folder: Path, menuvo: Menuvo, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_env(folder)
    monkeypatch.setenv("PATH", str(folder / "nothing here"))
    code, told, _ = menuvo("check")
    assert code == 0
    assert (
        "warning docker-compose.yml was not checked for its memory limits: Docker Compose" in told
    )


def test_without_a_compose_file_the_limits_were_not_checked_and_that_is_said(
    folder: Path, menuvo: Menuvo
) -> None:
    write_env(folder)
    (folder / "docker-compose.yml").unlink()
    report = menuvo.json("check", "--directory", ".")
    assert report["ok"]
    assert [warning["name"] for warning in report["warnings"]] == ["docker-compose.yml"]


def test_what_docker_says_of_a_broken_compose_file_is_passed_on(
    folder: Path, menuvo: Menuvo
) -> None:
    write_env(folder)
    docker = folder.parent / "programs/docker"
    docker.write_text("#!/bin/sh\ncase $* in *config*) echo 'line 3: tab' >&2; exit 1 ;; esac\n")
    code, told, _ = menuvo("check")
    assert code == 1
    assert "error   docker-compose.yml cannot be read by Docker Compose: line 3: tab." in told


def test_check_writes_nothing(folder: Path, menuvo: Menuvo) -> None:
    code, told, _ = menuvo("check")
    assert code == 1
    assert f".env does not exist in {folder}. Run: menuvo env init" in told
    assert [path.name for path in folder.iterdir()] == ["docker-compose.yml"]


def test_show_tells_everything_but_secrets(folder: Path, menuvo: Menuvo) -> None:
    write_env(folder, STRIPE_WEBHOOK_SECRET_THIN="", TIME_ZONE="", MY_OWN="s3cret")
    code, told, _ = menuvo("show")
    assert code == 0
    assert [secret for secret in [*secret_values(), "s3cret"] if secret in told] == []
    rows = {row["name"]: row for row in menuvo.json("show")}
    assert rows.keys() == {*VARIABLES, "PUBLIC_URL", "MY_OWN"}
    assert rows["DOMAIN"]["value"] == "menuvo.app"
    assert rows["PUBLIC_URL"]["value"] == "https://menuvo.app"
    assert rows["DB_PASSWORD"]["value"] == "[set]"
    assert rows["STRIPE_WEBHOOK_SECRET_THIN"]["value"] == "[empty]"
    assert (rows["TIME_ZONE"]["value"], rows["TIME_ZONE"]["source"]) == ("Europe/Berlin", "default")
    assert (rows["MY_OWN"]["value"], rows["MY_OWN"]["group"]) == ("[set]", "Kept")
    for row in rows.values():
        assert row["help"]
        assert row["name"] in told


def test_show_says_by_which_name_a_value_came(folder: Path, menuvo: Menuvo) -> None:
    (folder / ".env").write_text("VITE_SENTRY_DSN=https://k@sentry.io/1\n")
    rows = {row["name"]: row for row in menuvo.json("show")}
    assert rows["SENTRY_DSN"]["source"] == ".env, as VITE_SENTRY_DSN"


@pytest.mark.parametrize("verb", ["init", "check", "show"])
def test_a_folder_that_is_none_is_a_usage_error(folder: Path, menuvo: Menuvo, verb: str) -> None:
    code, _, err = menuvo(verb, "--directory", "nowhere")
    assert code == 2
    assert "nowhere is no folder." in err


def test_show_without_a_file_is_a_usage_error(folder: Path, menuvo: Menuvo) -> None:
    code, _, err = menuvo("show")
    assert code == 2
    assert "There is no file" in err


def test_two_at_once_make_one_set_of_secrets(folder: Path) -> None:
    deployment = Deployment(folder)
    with ThreadPoolExecutor(4) as pool:
        for done in [
            pool.submit(env_init.init, deployment, from_file=None, domain="menuvo.app", seal=True)
            for _ in range(4)
        ]:
            done.result()
    assert read(folder / ".env")["DB_PASSWORD"] == (folder / "secrets/db_password").read_text()
