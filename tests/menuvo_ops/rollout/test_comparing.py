"""What of an environment is not deployed yet, and what a deploy would replace for it."""

import json
import sys
from pathlib import Path

import pytest
from tests.menuvo_ops.environment.complete import COMPLETE, secret_values, write_env
from tests.menuvo_ops.rollout.releases import provided, release

from menuvo_ops.environment import Deployment
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.comparing import compare
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.server import command

# Puts the values of the named .env into a compose file of three services.
_DOCKER = """#!{python}
import json, sys
from menuvo_ops.environment.dotenv import parse
from pathlib import Path
given = dict(one[2:].split("=", 1) for one in sys.argv if one.startswith("--") and "=" in one)
if "config" not in sys.argv:
    sys.exit(0)
text = Path(given["env-file"]).read_text()
env = {{one.name: one.value.reveal() for one in parse(text).assignments}}
def secrets(*names): return {{"secrets": [{{"source": name}} for name in names]}}
names = ("database_url", "redis_auth.conf", "db_password")
files = {{name: {{"file": given["project-directory"] + "/secrets/" + name}} for name in names}}
services = {{
    "platform-a": {{"image": "menuvo", **secrets("database_url")}},
    "postgres": {{"image": "postgres", **secrets("db_password")}},
    "redis": {{"image": "redis", **secrets("redis_auth.conf")}},
    "postgres-backup": {{"image": "backup", "environment": {{"TZ": env["TIME_ZONE"]}}}},
}}
print(json.dumps(
    {{"services": services, "networks": {{}}, "volumes": {{}}, "secrets": files}}
))
"""


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Of a deployment whose environment is that of the release that serves."""
    programs, folder = tmp_path / "programs", tmp_path / "deployment"
    for one in (programs, folder):
        one.mkdir()
    (programs / "docker").write_text(_DOCKER.format(python=sys.executable))
    (programs / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    found = provided(folder)
    draft = found.new_draft()
    write_env(draft)
    (draft / "docker-compose.yml").touch()
    found.admit(release(1))
    found.make_current(1)
    write_env(folder)
    return found


def differences(archive: Archive) -> dict[str, tuple[str | None, str | None, tuple[str, ...]]]:
    found = compare(Stack(Deployment(archive.deployment)), archive)
    return {one.name: (one.before, one.after, one.replaces) for one in found.differences}


def test_an_environment_that_was_deployed_has_no_differences(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["env", "diff", "--directory", str(archive.deployment)]) == 0
    assert capsys.readouterr().out == "The environment is that of release 1 (4f2a91c0).\n"


def test_a_plain_value_is_shown_and_a_secret_is_not(archive: Archive) -> None:
    write_env(archive.deployment, TIME_ZONE="Europe/Paris", APP_DB_PASSWORD="another password")
    assert differences(archive) == {
        "TIME_ZONE": ("Europe/Berlin", "Europe/Paris", ("postgres-backup",)),
        "APP_DB_PASSWORD": (None, None, ("platform-a",)),
    }


def test_what_the_owner_is_called_by_replaces_no_database(archive: Archive) -> None:
    write_env(archive.deployment, DB_PASSWORD="another password")
    assert differences(archive) == {"DB_PASSWORD": (None, None, ())}


def test_names_that_nobody_knows_and_those_that_are_gone_count_too(archive: Archive) -> None:
    env_file = write_env(archive.deployment, S3_PUBLIC_URL="")
    env_file.write_text(env_file.read_text() + "HTTP_PORT=8080\n")
    found = differences(archive)
    assert found["HTTP_PORT"] == (None, None, ())
    assert found["S3_PUBLIC_URL"] == (COMPLETE["S3_PUBLIC_URL"], "", ())


def test_a_program_reads_what_needs_a_maintenance_and_no_secret(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    write_env(archive.deployment, REDIS_PASSWORD="another password")
    directory = str(archive.deployment)
    assert command.main(["env", "diff", "--json", "--directory", directory]) == 1
    printed = capsys.readouterr().out
    told = json.loads(printed)
    [difference] = told["differences"]
    assert (told["equal"], told["needs_maintenance"]) == (False, True)
    assert (difference["name"], difference["replaces"]) == ("REDIS_PASSWORD", ["redis"])
    assert "redis is replaced" in difference["maintenance"][0]
    assert command.main(["env", "diff", "--directory", directory]) == 1
    printed += capsys.readouterr().out
    assert "REDIS_PASSWORD: changed (replaces redis)\n  needs --maintenance: " in printed
    for secret in (*secret_values(), "another password"):
        assert secret not in printed


def test_nothing_of_the_comparison_stays(archive: Archive) -> None:
    write_env(archive.deployment, TIME_ZONE="Europe/Paris")
    before = sorted(archive.root.rglob("*"))
    differences(archive)
    assert sorted(archive.root.rglob("*")) == before


def test_before_the_first_deploy_there_is_nothing_to_compare_with(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    (archive.root / "current").unlink()
    assert command.main(["env", "diff", "--directory", str(archive.deployment)]) == 2
    assert "Nothing was deployed here yet." in capsys.readouterr().err
