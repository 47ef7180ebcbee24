"""The command on a server: who is told when it refuses."""

from pathlib import Path

import pytest
from tests.system.rollout.hearing import listening_webhook

from menuvo_ops.server.command import main


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")


@pytest.mark.parametrize("verb", ["deploy", "rollback"])
def test_a_refusal_is_told_to_the_operators_channel(verb: str, tmp_path: Path) -> None:
    with listening_webhook() as webhook:
        write_environment(tmp_path, webhook.url)
        assert main([verb, "--directory", str(tmp_path), "--yes"]) == 1
    [told] = webhook.told
    assert "shop.example.org" in told
    assert "Docker" in told or "docker" in told


def test_a_dry_run_and_a_question_are_nobodys_business(tmp_path: Path) -> None:
    with listening_webhook() as webhook:
        write_environment(tmp_path, webhook.url)
        assert main(["deploy", "--directory", str(tmp_path), "--dry-run"]) == 1
        main(["deploy", "status", "--directory", str(tmp_path)])
    assert webhook.told == []


def test_an_environment_that_cannot_be_read_hides_no_refusal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").mkdir()
    assert main(["deploy", "--directory", str(tmp_path), "--yes", "--json"]) == 1
    assert '"outcome": "refused"' in capsys.readouterr().out


def write_environment(folder: Path, webhook: str) -> None:
    (folder / ".env").write_text(f"DOMAIN='shop.example.org'\nALERT_WEBHOOK_URL='{webhook}'\n")
