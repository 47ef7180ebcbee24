"""What stands in `.env` and what serves need not be the same."""

from pathlib import Path

import pytest
from tests.menuvo_ops.environment.complete import secret_values, write_env
from tests.menuvo_ops.rollout.releases import provided, release

from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.production.alarms import channel, dead_man
from menuvo_ops.doctor.production.release import undeployed
from menuvo_ops.errors import NotReady

NOBODY = {"GATUS_TELEGRAM_TOKEN": "", "GATUS_TELEGRAM_CHAT_ID": "", "ALERT_WEBHOOK_URL": ""}


def deployed(folder: Path, **changed: str) -> Deployed:
    """Release 1 serves with this environment, which is that of the folder too."""
    archive = provided(folder)
    write_env(archive.new_draft(), **changed)
    archive.admit(release(1))
    archive.make_current(1)
    write_env(folder, **changed)
    return Deployed(folder)


def test_what_was_deployed_waits_for_nothing(tmp_path: Path) -> None:
    assert undeployed(deployed(tmp_path)).status == "ok"


def test_what_was_written_and_not_deployed_is_named_and_never_shown(tmp_path: Path) -> None:
    ground = deployed(tmp_path)
    env_file = write_env(tmp_path, TIME_ZONE="Europe/Paris", REDIS_PASSWORD="a brand new one")
    env_file.write_text(env_file.read_text() + "OF_MY_OWN=a-word\n")
    found = undeployed(ground)
    assert found.status == "warn"
    assert found.told.endswith(" TIME_ZONE, REDIS_PASSWORD, OF_MY_OWN.")
    assert "menuvo env diff" in found.fix
    assert found.fix.endswith("menuvo deploy --version 4f2a91c0")
    for value in ("Europe/Paris", "a brand new one", "a-word", *secret_values()):
        assert value not in found.told + found.fix


def test_without_an_environment_nothing_is_compared(tmp_path: Path) -> None:
    """That it is gone is what another look says."""
    ground = deployed(tmp_path)
    (tmp_path / ".env").unlink()
    assert undeployed(ground).status == "skipped"


def test_before_the_first_deploy_nothing_is_compared(tmp_path: Path) -> None:
    provided(tmp_path)
    write_env(tmp_path)
    with pytest.raises(NotReady, match="Nothing was deployed"):
        undeployed(Deployed(tmp_path))


def test_a_channel_that_was_not_deployed_tells_nobody(tmp_path: Path) -> None:
    ground = deployed(tmp_path, DEADMAN_URL="", **NOBODY)
    write_env(tmp_path)
    assert (channel(ground).status, dead_man(ground).status) == ("fail", "fail")
    assert dead_man(ground).fix.endswith("then: menuvo deploy --version 4f2a91c0")


def test_a_channel_that_was_deployed_is_named(tmp_path: Path) -> None:
    ground = deployed(tmp_path)
    write_env(tmp_path, DEADMAN_URL="", **NOBODY)
    assert channel(ground).told == "Alerts go to Telegram and a webhook."
    assert dead_man(ground).status == "ok"
