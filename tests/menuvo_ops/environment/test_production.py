"""What the tool's other verbs get before they start containers."""

from pathlib import Path

import pytest
from tests.menuvo_ops.environment.complete import COMPLETE, secret_values, write_env

from menuvo_ops.environment import Deployment, examine, locate, prepare
from menuvo_ops.environment.writing import write
from menuvo_ops.errors import EnvironmentInvalid, Usage


def test_a_right_environment_is_returned_and_its_secrets_are_written(tmp_path: Path) -> None:
    write_env(tmp_path)
    environment = prepare(tmp_path)
    assert environment["DOMAIN"] == "menuvo.app"
    assert environment.public_url == "https://menuvo.app"
    assert environment.secret("DB_PASSWORD").reveal() == COMPLETE["DB_PASSWORD"]
    assert (tmp_path / "secrets/db_password").read_text() == COMPLETE["DB_PASSWORD"]
    assert "db_password" in environment.changed
    assert prepare(tmp_path).changed == ()


def test_what_the_file_does_not_say_has_its_default(tmp_path: Path) -> None:
    write_env(tmp_path, TIME_ZONE="", BACKUP_KEEP_DAYS="")
    environment = prepare(tmp_path)
    assert environment["TIME_ZONE"] == "Europe/Berlin"
    assert environment.for_compose()["BACKUP_KEEP_DAYS"] == "7"


def test_compose_gets_everything_but_secrets(tmp_path: Path) -> None:
    write_env(tmp_path)
    given = prepare(tmp_path).for_compose()
    assert given["PUBLIC_URL"] == "https://menuvo.app"
    assert not set(given.values()) & set(secret_values())


def test_a_secret_is_not_given_away_by_name_or_print(tmp_path: Path) -> None:
    write_env(tmp_path)
    environment = prepare(tmp_path)
    with pytest.raises(KeyError, match="DB_PASSWORD is a secret"):
        environment["DB_PASSWORD"]
    told = f"{environment!r} {environment.secret('AUTH_SECRET')} {environment.values!r}"
    assert [secret for secret in secret_values() if secret in told] == []


def test_every_error_is_named_before_anything_is_written(tmp_path: Path) -> None:
    write_env(tmp_path, DOMAIN="", S3_ENDPOINT="r2", AUTH_SECRET="short")
    with pytest.raises(EnvironmentInvalid) as refused:
        prepare(tmp_path)
    for name in ("DOMAIN is missing", "S3_ENDPOINT is malformed", "AUTH_SECRET is too short"):
        assert name in refused.value.message
    assert not (tmp_path / "secrets").exists()


def test_warnings_stop_nothing(tmp_path: Path) -> None:
    write_env(tmp_path, DEADMAN_URL="")
    assert [found.name for found in prepare(tmp_path).warnings] == ["DEADMAN_URL"]


def test_a_production_without_a_file_is_told_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentInvalid, match="does not exist") as refused:
        prepare(tmp_path)
    assert "menuvo env init" in refused.value.hint


def test_a_value_that_compose_would_read_otherwise_is_an_error(tmp_path: Path) -> None:
    file = write_env(tmp_path, AUTH_SECRET="")
    file.write_text(file.read_text() + "\n".join(["AUTH_SECRET=" + "aB3$cD4" * 6, ""]))
    lines = file.read_text().splitlines()
    file.write_text("\n".join(line for line in lines if line != "AUTH_SECRET=") + "\n")
    (error,) = examine(Deployment(tmp_path)).errors
    assert error.name == "AUTH_SECRET"
    assert "Put it in single quotes" in error.remedy


def test_the_older_names_of_the_front_end_are_accepted(tmp_path: Path) -> None:
    file = write_env(tmp_path)
    told = file.read_text().replace("\nSENTRY_DSN=", "\nVITE_SENTRY_DSN=")
    file.write_text(told.replace("\nSTRIPE_PUBLISHABLE_KEY=", "\nVITE_STRIPE_PUBLISHABLE_KEY="))
    environment = prepare(tmp_path)
    assert environment["STRIPE_PUBLISHABLE_KEY"] == "pk_live_51abc"
    assert (tmp_path / "secrets/sentry_dsn").read_text() == COMPLETE["SENTRY_DSN"]


def test_the_folder_is_the_named_one_or_this_one_or_the_clone_s(tmp_path: Path) -> None:
    here, infra, named = (tmp_path / name for name in ("here", "infra", "named"))
    for folder in (here, infra, named):
        folder.mkdir()
    assert locate(named, current=here, infra=infra).directory == named
    assert locate(None, current=here, infra=infra).directory == infra
    (here / "docker-compose.yml").touch()
    assert locate(None, current=here, infra=infra).directory == here
    with pytest.raises(Usage, match="is no folder"):
        locate(tmp_path / "nowhere", current=here, infra=infra)
    with pytest.raises(Usage, match=r"no docker-compose\.yml"):
        locate(None, current=named, infra=tmp_path / "nowhere")


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    write(file, b"old", mode=0o600)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(file, b"new", mode=0o600)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / ".env"
    real.write_text("old")
    link.symlink_to(real)
    write(link, b"new", mode=0o600)
    assert link.is_symlink()
    assert real.read_text() == "new"
