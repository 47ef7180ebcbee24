"""The command as it is typed."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from menuvo_ops import cli, cli_logs
from menuvo_ops.errors import Usage
from menuvo_ops.local.paths import Clone, this_clone
from menuvo_ops.local.preparation import Options
from menuvo_ops.operations import test as test_operation
from menuvo_ops.operations.engines import engine_for_start


def menuvo(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, arguments)


@pytest.mark.parametrize(
    "verb",
    [
        "up",
        "down",
        "status",
        "logs",
        "restart",
        "test",
        "bench",
        "env",
        "server",
        "deploy",
        "rollback",
        "releases",
        "backup",
        "restore",
    ],
)
def test_every_verb_explains_itself_and_stands_in_the_reference(verb: str) -> None:
    done = menuvo(verb, "--help")
    assert done.exit_code == 0
    assert f"menuvo {verb}" in done.output
    assert f"menuvo {verb}" in (this_clone().root / "docs/reference/tool.md").read_text()


def test_an_unknown_verb_is_a_usage_error() -> None:
    assert menuvo("dpeloy").exit_code == 2


def test_an_error_is_a_sentence_and_a_hint_on_stderr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli_logs, "this_clone", lambda: Clone(tmp_path))
    monkeypatch.setattr(sys, "argv", ["menuvo", "logs"])
    with pytest.raises(SystemExit) as ending:
        cli.main()

    assert ending.value.code == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "There are no logs yet.\nThey are made by: ./menuvo up\n"


def test_an_unknown_service_is_answered_with_the_known_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = Clone(tmp_path)
    clone.logs.mkdir(parents=True)
    (clone.logs / "caddy.log").write_text("one\ntwo\nthree\n")
    monkeypatch.setattr(cli_logs, "this_clone", lambda: clone)
    monkeypatch.setattr(sys, "argv", ["menuvo", "logs", "candy"])
    with pytest.raises(SystemExit) as ending:
        cli.main()

    assert ending.value.code == 2
    assert "There are: caddy." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["system", "--fast"], "--fast leaves out all system tests."),
        (["--all"], "--all belongs to `menuvo test system`."),
        (["tests/meta", "--all"], "--all belongs to `menuvo test system`."),
    ],
)
def test_options_of_another_group_of_tests_are_a_usage_error(
    arguments: list[str], problem: str
) -> None:
    result = menuvo("test", *arguments)
    assert isinstance(result.exception, Usage)
    assert result.exception.message == problem


def test_what_follows_the_group_of_tests_goes_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[tuple[bool, list[str]]] = []

    def run(_clone: Clone, *, everything: bool, arguments: list[str]) -> None:
        handed.append((everything, arguments))

    monkeypatch.setattr(test_operation, "test_system", run)
    assert menuvo("test", "system", "--all", "-k", "losses").exit_code == 0
    assert menuvo("test", "system", "-x").exit_code == 0
    assert handed == [(True, ["-k", "losses"]), (False, ["-x"])]


def test_a_benchmark_that_does_not_exist_is_a_usage_error() -> None:
    with pytest.raises(Usage, match="no benchmark speed-of-light"):
        CliRunner().invoke(cli.app, ["bench", "speed-of-light"], catch_exceptions=False)


def test_productions_containers_cannot_be_had_without_their_monitoring(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="among production's containers") as refusal:
        engine_for_start(Clone(tmp_path), "compose").up(Options(monitoring=False), detach=True)
    assert "--no-monitoring" in refusal.value.hint
