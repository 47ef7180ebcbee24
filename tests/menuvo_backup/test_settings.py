from pathlib import Path

import pytest

from menuvo_backup.errors import SettingsError
from menuvo_backup.settings import VARIABLES, MonitorSettings, Redacted, read_settings

CHECKOUT = Path(__file__).parents[2]
COMPLETE = {
    "DATABASE_URL": "postgresql://menuvo:secret@postgres/menuvo",
    "TZ": "Europe/Berlin",
    "BACKUP_S3_ENDPOINT": "https://account.r2.cloudflarestorage.com",
    "BACKUP_S3_BUCKET": "backups",
    "BACKUP_S3_ACCESS_KEY_ID": "AKID",
    "BACKUP_S3_SECRET_ACCESS_KEY": "a secret".replace(" ", "-"),
}


def problems_of(**changes: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        read_settings({**COMPLETE, **changes})
    return caught.value.problems


def test_what_is_not_said_has_the_defaults_of_the_reference() -> None:
    settings = read_settings(COMPLETE)
    assert settings.folder == Path("/var/lib/menuvo/backups")
    assert settings.keep_days == 7
    assert settings.schedule.cron == "30 3 * * *"
    assert str(settings.schedule.zone) == "Europe/Berlin"
    assert settings.bucket is not None
    assert (settings.bucket.region, settings.bucket.prefix) == ("auto", "menuvo")


def test_who_does_not_ask_the_database_needs_no_way_to_it() -> None:
    without = {name: value for name, value in COMPLETE.items() if name != "DATABASE_URL"}
    with pytest.raises(SettingsError, match="DATABASE_URL is missing"):
        read_settings(without)
    assert read_settings(without, asks_database=False).bucket is not None


def test_all_mistakes_are_told_together_and_none_shows_a_secret() -> None:
    problems = problems_of(
        DATABASE_URL="mysql://menuvo:hunter2@host/menuvo",
        BACKUP_CRON="61 3 * * *",
        BACKUP_KEEP_DAYS="0",
        TZ="Europe/Atlantis",
        BACKUP_DIR="backups",
        BACKUP_S3_ENDPOINT="account.r2.cloudflarestorage.com",
        BACKUP_S3_PREFIX="../elsewhere",
        BACKUP_S3_SECRET_ACCESS_KEY="",
    )
    names = {problem.split(":")[0].split(" ")[0] for problem in problems}
    assert names == {
        "DATABASE_URL",
        "BACKUP_CRON",
        "BACKUP_KEEP_DAYS",
        "TZ",
        "BACKUP_DIR",
        "BACKUP_S3_ENDPOINT",
        "BACKUP_S3_PREFIX",
        "BACKUP_S3_SECRET_ACCESS_KEY",
    }
    assert "hunter2" not in " ".join(problems)


def test_without_any_of_the_buckets_settings_backups_stay_here() -> None:
    alone = {name: COMPLETE[name] for name in ("DATABASE_URL", "TZ")}
    assert read_settings(alone).bucket is None


@pytest.mark.parametrize("name", [name for name in COMPLETE if name.startswith("BACKUP_S3")])
def test_half_a_bucket_is_a_mistake(name: str) -> None:
    assert problems_of(**{name: ""})[0].startswith(f"{name} is missing")


def test_the_monitor_is_told_where_both_of_its_settings_are_there_and_half_is_a_mistake() -> None:
    assert read_settings(COMPLETE).monitor is None
    told = {"BACKUP_MONITOR_URL": "http://gatus:8080/", "BACKUP_MONITOR_TOKEN": "a-token"}
    assert read_settings({**COMPLETE, **told}).monitor == MonitorSettings(
        "http://gatus:8080", Redacted("a-token")
    )
    for name in told:
        assert problems_of(**{**told, name: ""})[0].startswith(f"{name} is missing")


def test_the_platforms_buckets_are_listed_and_copied_where_they_are_named() -> None:
    assert read_settings(COMPLETE).objects is None
    named = {
        "S3_ENDPOINT": "https://host",
        "S3_BUCKET": "pictures",
        "S3_FILES_BUCKET": "files",
        "S3_ACCESS_KEY_ID": "AKID",
        "S3_SECRET_ACCESS_KEY": "secret",
    }
    found = read_settings({**COMPLETE, **named}).objects
    assert found is not None
    assert {name: one.bucket for name, one in found.buckets.items()} == {
        "pictures": "pictures",
        "files": "files",
    }
    assert found.copy is None
    copies = {
        f"BACKUP_OBJECTS_{name}": value for name, value in named.items() if "FILES" not in name
    }
    found = read_settings({**COMPLETE, **named, **copies}).objects
    assert found is not None
    assert found.copy is not None
    assert "there is nothing to copy" in problems_of(**copies)[0]


def test_a_file_beats_the_variable_and_loses_its_last_newline(tmp_path: Path) -> None:
    secret = tmp_path / "database_owner_url"
    secret.write_text("postgresql://menuvo:from-the-file@postgres/menuvo\n")
    settings = read_settings({**COMPLETE, "DATABASE_URL_FILE": str(secret)})
    assert settings.database_url == "postgresql://menuvo:from-the-file@postgres/menuvo"
    assert "from-the-file" not in repr(settings)


def test_a_file_that_is_not_there_is_named() -> None:
    problems = problems_of(DATABASE_URL_FILE="/nowhere/at/all")
    assert problems == (
        "DATABASE_URL_FILE: cannot read /nowhere/at/all: No such file or directory.",
    )


def test_a_missing_database_is_one_problem() -> None:
    assert [problem.split()[0] for problem in problems_of(DATABASE_URL="")] == ["DATABASE_URL"]


def test_the_time_zone_of_the_environment_file_beats_that_of_the_container() -> None:
    assert str(read_settings({**COMPLETE, "TIME_ZONE": "UTC"}).schedule.zone) == "UTC"


def test_every_setting_is_described() -> None:
    told = (CHECKOUT / "docs/reference/backup.md").read_text()
    assert [variable.name for variable in VARIABLES if f"`{variable.name}`" not in told] == []
