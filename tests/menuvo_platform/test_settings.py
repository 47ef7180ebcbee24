from pathlib import Path

import pytest

from menuvo_platform.errors import SettingsError
from menuvo_platform.settings import VARIABLES, read_settings

COMPLETE = {
    "DATABASE_URL": "postgresql://menuvo_app:hunter2@db/menuvo",
    "REDIS_URL": "redis://:hunter2@redis:6379/0",
    "AUTH_SECRET": "x" * 32,
    "PUBLIC_URL": "https://menuvo.app/",
    "STORAGE_DIR": "/var/lib/menuvo",
}


def test_a_complete_environment_is_read() -> None:
    settings = read_settings(COMPLETE)
    assert settings.public_url == "https://menuvo.app"
    assert settings.cookies_secure
    assert settings.drain_seconds == 3
    assert settings.storage_dir == Path("/var/lib/menuvo")


def test_all_mistakes_are_told_together_by_name() -> None:
    broken = {"DATABASE_URL": "mysql://x", "AUTH_SECRET": "short", "DRAIN_SECONDS": "soon"}
    with pytest.raises(SettingsError) as caught:
        read_settings(broken)
    told = str(caught.value)
    for name in ("DATABASE_URL", "REDIS_URL", "AUTH_SECRET", "PUBLIC_URL", "DRAIN_SECONDS"):
        assert name in told


def test_a_secrets_file_beats_its_variable(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("y" * 40 + "\n")
    settings = read_settings({**COMPLETE, "AUTH_SECRET_FILE": str(secret)})
    assert settings.auth_secret == "y" * 40


def test_a_missing_secrets_file_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(SettingsError, match="AUTH_SECRET_FILE: cannot read"):
        read_settings({**COMPLETE, "AUTH_SECRET_FILE": str(missing)})


def test_no_secret_is_printed() -> None:
    settings = read_settings(COMPLETE)
    assert "hunter2" not in repr(settings)
    with pytest.raises(SettingsError) as caught:
        read_settings({**COMPLETE, "DATABASE_URL": "mysql://u:hunter2@db"})
    assert "hunter2" not in str(caught.value)


def test_no_secret_has_a_working_default() -> None:
    assert not [variable.name for variable in VARIABLES if variable.secret and variable.default]
