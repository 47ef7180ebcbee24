"""What the workflows read from the repository, shown and set."""

import json
import sys
from pathlib import Path

import pytest
from tests.menuvo_ops.environment.complete import COMPLETE, secret_values, write_env

from menuvo_ops import cli

TOKEN = "the host's private key\n"
# Keeps what it is told in a folder, as GitHub does; of a secret it tells nothing.
_GH = """#!{python}
import json, os, sys
from pathlib import Path
kept, (kind, verb, *rest) = Path({kept!r}), sys.argv[1:]
with (kept / "asked").open("a") as asked:
    asked.write(" ".join(sys.argv[1:]) + "\\n")
folder = kept / kind
folder.mkdir(exist_ok=True)
if verb == "list":
    print(json.dumps([{{"name": f.name, "value": f.read_text()}} for f in folder.iterdir()]))
else:
    (folder / rest[0]).write_text(sys.stdin.read())
"""


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What GitHub has; the current folder is a deployment."""
    programs, kept, folder = (tmp_path / name for name in ("programs", "kept", "deployment"))
    for one in (programs, kept, folder):
        one.mkdir()
    (programs / "gh").write_text(_GH.format(python=sys.executable, kept=str(kept)))
    (programs / "gh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    write_env(folder, DEADMAN_URL="")
    (folder / "docker-compose.yml").touch()
    (folder / "key").write_text(TOKEN)
    monkeypatch.chdir(folder)
    return kept


def menuvo(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["menuvo", "env", "github", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_what_is_needed_is_shown_with_its_source_and_without_a_secret(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    access = ("--host", "deploy@example.org", "--identity", "key")
    assert menuvo(monkeypatch, "--json", *access) == 0
    printed = capsys.readouterr().out
    shown = {one["name"]: one for one in json.loads(printed)}
    assert {name for name, one in shown.items() if one["needed"]} == {
        *("DOMAIN", "DEPLOY_HOST", "DEPLOY_SSH_KEY", "DEPLOY_KNOWN_HOSTS")
    }
    assert (shown["DOMAIN"]["kind"], shown["DOMAIN"]["value"]) == ("variable", "menuvo.app")
    assert shown["DEPLOY_SSH_KEY"]["value"] == "[set]"
    assert shown["DEPLOY_KNOWN_HOSTS"]["source"] == "not set: give --known-hosts"
    assert shown["DEADMAN_URL"]["source"] == "not set: the server keeps its own"
    for secret in (*secret_values(), TOKEN.strip(), "deploy@example.org"):
        assert json.dumps(secret)[1:-1] not in printed
    assert not (there / "asked").exists()


def test_secrets_are_shown_to_whoever_asks_for_them(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(monkeypatch, "--json", "--show") == 0
    shown = {one["name"]: one["value"] for one in json.loads(capsys.readouterr().out)}
    assert shown["AUTH_SECRET"] == COMPLETE["AUTH_SECRET"]
    assert not list(there.iterdir())


def test_what_has_a_value_is_set_by_stdin_and_the_same_once_more_changes_no_variable(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--set", "--repository", "mwesox/menuvo", "--identity", "key")
    for said in ("variable DOMAIN set", "variable DOMAIN is right already"):
        assert menuvo(monkeypatch, *given) == 0
        assert said in capsys.readouterr().out
    secrets = {file.name: file.read_text() for file in (there / "secret").iterdir()}
    assert secrets["DB_PASSWORD"] == COMPLETE["DB_PASSWORD"]
    assert secrets["DEPLOY_SSH_KEY"] == TOKEN
    assert "DEADMAN_URL" not in secrets
    variables = {file.name: file.read_text() for file in (there / "variable").iterdir()}
    assert variables["DOMAIN"] == COMPLETE["DOMAIN"]
    assert not secrets.keys() & variables.keys()
    asked = (there / "asked").read_text()
    assert "secret set DB_PASSWORD --env=production --repo=mwesox/menuvo" in asked
    assert asked.count("variable set DOMAIN") == 1
    for secret in secret_values():
        assert secret not in asked


def test_a_dry_run_sets_nothing(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(monkeypatch, "--set", "--dry-run") == 0
    assert "secret   DB_PASSWORD would be set" in capsys.readouterr().out
    assert (there / "asked").read_text() == "variable list --json=name,value\n"


def test_without_githubs_client_it_is_said_where_to_get_it(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(there))
    assert menuvo(monkeypatch, "--set") == 1
    assert "https://cli.github.com" in capsys.readouterr().err


@pytest.mark.parametrize("given", [("--set", "--show"), ("--repository", "a/b"), ("--dry-run",)])
def test_what_does_not_fit_together_is_refused(
    there: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...]
) -> None:
    assert menuvo(monkeypatch, *given) == 2
    assert not list(there.iterdir())
