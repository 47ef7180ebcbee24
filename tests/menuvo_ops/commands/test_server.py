"""What a checkout asks of the tool on a server, and that the tool there understands it."""

from pathlib import Path

import pytest

from menuvo_ops.commands import ssh
from menuvo_ops.commands.server import Manner, Wish, ask
from menuvo_ops.logs.asking import Asked
from menuvo_ops.server import command

FROM_AFAR = Manner(as_json=True, yes=True, lifeline=True)


def test_a_deploy_from_afar_is_one_line_of_arguments() -> None:
    wish = Wish("deploy", version="4f2a91c0", soak_seconds=5, accept_stale_backup=True)
    assert ask(wish, FROM_AFAR, directory="menuvo", env_from=".cache/env") == [
        "deploy",
        "--directory=menuvo",
        "--version=4f2a91c0",
        "--soak=5",
        "--env-from=.cache/env",
        "--accept-stale-backup",
        "--yes",
        "--lifeline",
        "--json",
    ]


def test_what_was_not_asked_for_is_left_to_the_server() -> None:
    assert ask(Wish("rollback"), Manner(), directory=".") == ["rollback", "--directory=."]


def test_who_only_looks_agrees_to_nothing() -> None:
    looking = (
        *(Wish("deploy", "status"), Wish("releases"), Wish("backup", "list")),
        *(Wish("env", "diff"),),
    )
    for wish in looking:
        assert ask(wish, FROM_AFAR, directory=".")[-2:] == ["--directory=.", "--json"]
        assert not wish.asks


def test_a_backup_is_made_without_being_asked_about() -> None:
    wish = Wish("backup", "now", no_verify=True)
    assert not wish.asks
    assert Wish("restore").asks
    assert ask(wish, FROM_AFAR, directory="menuvo") == [
        *("backup", "now", "--directory=menuvo", "--no-verify", "--lifeline", "--json")
    ]


@pytest.mark.parametrize(
    "wish",
    [
        Wish("deploy", version="4f2a91c0", soak_seconds=0, patience_seconds=9, repair=True),
        Wish("deploy", "status"),
        Wish("deploy", version="-x", dry_run=True, maintenance=True, accept_stale_backup=True),
        Wish("rollback", "17", patience_seconds=9, maintenance=True),
        Wish("releases"),
        Wish("releases", "adopt"),
        Wish("backup", "now", no_verify=True),
        Wish("backup", "verify"),
        Wish("logs", logs=Asked(("caddy", "redis"), "10m", "-x y", "error", 0, follow=True)),
        Wish("logs", logs=Asked()),
        Wish("restore", which="latest", patience_seconds=9, dry_run=True),
        Wish("restore", undo=True),
        Wish("restore", forget=True),
        Wish("backup", "show", which="20261128T030000Z"),
        Wish("recovery", "write", which="-"),
        Wish("recovery", "sheet"),
        Wish("drill", due=True),
        Wish("timers", "install"),
        Wish("timers", "show"),
        Wish("env", "diff"),
        Wish("env", "rotate", lists=True),
        Wish("env", "rotate", which="AUTH_SECRET", finish=True, soak_seconds=0, maintenance=True),
        Wish("monitoring"),
    ],
    ids=str,
)
def test_the_server_understands_every_wish(
    wish: Wish, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """It gets as far as looking for the folder."""
    missing = str(tmp_path_factory.mktemp("none") / "missing")
    assert command.main(ask(wish, FROM_AFAR, directory=missing)) == 2
    assert f"There is no folder {missing}." in capsys.readouterr().out


def test_a_rebuild_takes_its_file_along_and_needs_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = Wish("rebuild", version="4f2a91c0", patience_seconds=9, backup="20261128T030000Z")
    assert wish.asks
    file = str(tmp_path / "recovery.txt")
    asked = ask(wish, FROM_AFAR, directory=str(tmp_path / "missing"), env_from=file)
    assert asked[:2] == ["rebuild", file]
    assert "--backup=20261128T030000Z" in asked
    at = ask(Wish("rebuild", at="latest"), FROM_AFAR, directory="menuvo", env_from=file)
    assert "--at=latest" in at
    assert command.main(asked) == 2
    assert f"There is no file {file}." in capsys.readouterr().out


def test_who_asks_is_told_in_the_environment_and_the_baggage_is_removed_there() -> None:
    run = ssh.run_release("b/menuvo.pyz", ["deploy"], environment={"MENUVO_ACTOR": "jo@laptop"})
    assert run == ["env", "MENUVO_ACTOR=jo@laptop", "python3", "-u", "b/menuvo.pyz", "deploy"]
    assert ssh.then_remove("b", run)[3:] == ["menuvo", "b", *run]
