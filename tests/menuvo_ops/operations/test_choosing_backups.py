"""Of which place `menuvo backup` and `menuvo restore` speak."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from menuvo_ops import cli, cli_rollout
from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.local.paths import Clone
from menuvo_ops.operations.engines import Embedded
from menuvo_ops.operations.rollouts import here, there


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Wish, Manner]]:
    """Who was asked, and what; each answers with an exit code of its own."""
    heard: list[tuple[str, Wish, Manner]] = []

    def of_place(name: str, code: int):
        def roll_out(_root: Path, wish: Wish, _place: object, manner: Manner, **_: object) -> int:
            heard.append((name, wish, manner))
            return code

        return roll_out

    def of_clone(_engine: Embedded, wish: Wish, manner: Manner) -> int:
        heard.append(("clone", wish, manner))
        return 3

    monkeypatch.setattr(here, "roll_out", of_place("here", 1))
    monkeypatch.setattr(there, "roll_out", of_place("there", 2))
    monkeypatch.setattr(Embedded, "backups", of_clone)
    return heard


@pytest.mark.parametrize(
    ("arguments", "is_deployment", "who", "code"),
    [
        (["restore", "--yes"], False, "clone", 3),
        (["backup", "now"], False, "clone", 3),
        (["restore", "--yes"], True, "here", 1),
        (["backup", "now", "--directory", "."], False, "here", 1),
        (["backup", "list", "--host", "deploy@example.org"], True, "there", 2),
        (["status", "--host", "deploy@example.org"], False, "there", 2),
        (["status", "--json"], True, "here", 1),
    ],
)
def test_a_deployment_that_is_named_or_lies_here_comes_first(
    asked: list[tuple[str, Wish, Manner]],
    arguments: list[str],
    is_deployment: bool,
    who: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli_rollout, "this_clone", lambda: Clone(tmp_path / "clone"))
    if is_deployment:
        (tmp_path / ".env").touch()
    assert CliRunner().invoke(cli.app, arguments).exit_code == code
    [(name, wish, manner)] = asked
    assert (name, wish.verb, manner.yes) == (who, arguments[0], "--yes" in arguments)
