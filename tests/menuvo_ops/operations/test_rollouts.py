"""What is typed after `menuvo deploy`, `rollback` and `releases`."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from menuvo_ops import cli
from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.errors import ServerUnfit, Usage
from menuvo_ops.operations.rollouts import there
from menuvo_ops.operations.rollouts.given import Place, folder_here, require_sense, version_of
from menuvo_ops.shipping.machine import Machine

AFAR = Place(host="deploy@example.org")


@pytest.mark.parametrize(
    ("wish", "place", "env_from", "sentence"),
    [
        (Wish("deploy"), Place(identity=Path("key")), None, "--identity belongs to a deployment"),
        (
            Wish("rollback"),
            Place(known_hosts=Path("keys")),
            None,
            "--known-hosts belongs to a deployment",
        ),
        (Wish("deploy"), Place(host="a b"), None, "is no address of a server"),
        (Wish("deploy", "4f2a91c0"), AFAR, None, "There is no `menuvo deploy 4f2a91c0`"),
        (Wish("releases", "17"), AFAR, None, "There is no `menuvo releases 17`"),
        (Wish("deploy", "status", version="x"), AFAR, None, "`menuvo deploy status` only looks"),
        (Wish("deploy", "status"), AFAR, Path("values"), "`menuvo deploy status` only looks"),
        (Wish("deploy"), AFAR, Path("no/such/file"), "--env-from: there is no file"),
        (Wish("backup", "make"), AFAR, None, "There is no `menuvo backup make`"),
        (Wish("restore", undo=True, forget=True), AFAR, None, "--undo brings back"),
        (Wish("restore", which="1", at="latest"), AFAR, None, "1 is a backup, and --at latest a"),
        (Wish("restore", at="latest", forget=True), AFAR, None, "takes no name of a backup and no"),
        (Wish("backup", "show"), AFAR, None, "Which backup?"),
        (Wish("backup", "window", which="1"), AFAR, None, "takes no name of a backup"),
        (Wish("backup", "list", no_verify=True), AFAR, None, "--no-verify belongs to"),
    ],
)
def test_what_does_not_fit_together_is_said(
    wish: Wish, place: Place, env_from: Path | None, sentence: str
) -> None:
    with pytest.raises(Usage, match=sentence) as refusal:
        require_sense(wish, place, env_from)
    assert refusal.value.exit_code == 2


def test_a_version_in_the_place_of_the_word_is_answered_with_the_option() -> None:
    with pytest.raises(Usage) as refusal:
        require_sense(Wish("deploy", "4f2a91c0"), AFAR, None)
    assert "menuvo deploy --version 4f2a91c0" in refusal.value.hint


def test_a_folder_without_git_has_to_be_told_the_version(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="Which version"):
        version_of(tmp_path, Wish("deploy"))
    assert version_of(tmp_path, Wish("deploy", version="one")) == "one"


def test_a_checkout_is_no_deployment_and_neither_is_just_any_folder(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="is no folder of a deployment") as refusal:
        folder_here(Place(), current=tmp_path, checkout=tmp_path / "clone")
    assert "--host" in refusal.value.hint
    (tmp_path / ".env").touch()
    assert folder_here(Place(), current=tmp_path, checkout=tmp_path / "clone") == tmp_path
    with pytest.raises(Usage, match="is no folder of a deployment"):
        folder_here(Place(), current=tmp_path, checkout=tmp_path)
    with pytest.raises(Usage, match="There is no folder"):
        folder_here(Place(directory="no/such"), current=tmp_path, checkout=tmp_path)


def test_without_a_host_the_tool_of_a_server_runs_here(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.app, ["releases", "--directory", str(tmp_path), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == []


def test_nothing_is_done_unasked_where_nobody_can_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    with pytest.raises(Usage, match="Nobody is there to ask"):
        there.roll_out(tmp_path, Wish("rollback"), AFAR, Manner())


def test_an_image_for_another_architecture_is_refused_before_anything_is_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def registry(_argv: list[str], **_: object) -> str:
        return '{"architecture": "arm64", "os": "linux"}'

    monkeypatch.setattr(there, "run", registry)
    there.require_fitting_image("one", Machine("aarch64", "3.13", "28.5"))
    with pytest.raises(ServerUnfit, match="built for linux/arm64, and the server is linux/amd64"):
        there.require_fitting_image("one", Machine("x86_64", "3.13", "28.5"))


def test_a_tilde_means_the_home_of_the_login() -> None:
    assert there.directory_there(Place(directory="~/shop")) == "shop"
    assert there.directory_there(Place()) == "menuvo"
