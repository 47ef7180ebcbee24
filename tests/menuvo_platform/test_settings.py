from pathlib import Path

import pytest

from menuvo_platform.errors import SettingsError
from menuvo_platform.settings import VARIABLES, S3Settings, read_settings

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
    assert settings.storage_dir == settings.storage == Path("/var/lib/menuvo")


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


def test_secrets_that_are_believed_beside_the_one_that_signs_are_lines_of_a_file(
    tmp_path: Path,
) -> None:
    also = tmp_path / "also"
    also.write_text(f"{'a' * 32}\n{'b' * 32}\n")
    settings = read_settings({**COMPLETE, "AUTH_SECRET_ALSO_FILE": str(also)})
    assert settings.believed_secrets == ("x" * 32, "a" * 32, "b" * 32)
    assert "aaa" not in repr(settings)
    assert read_settings(COMPLETE).believed_secrets == ("x" * 32,)
    also.write_text(f"{'a' * 32}\nshort")
    with pytest.raises(SettingsError, match="AUTH_SECRET_ALSO: its value is not lines of"):
        read_settings({**COMPLETE, "AUTH_SECRET_ALSO_FILE": str(also)})


def test_without_a_token_nobody_may_probe_and_a_short_one_is_none() -> None:
    assert read_settings(COMPLETE).probe_token == ""
    assert read_settings({**COMPLETE, "PROBE_TOKEN": "p" * 32}).probe_token == "p" * 32
    with pytest.raises(SettingsError, match="PROBE_TOKEN: its value is not at least 32"):
        read_settings({**COMPLETE, "PROBE_TOKEN": "p" * 31})


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


S3 = {
    "S3_ENDPOINT": "https://account.r2.example/",
    "S3_ACCESS_KEY_ID": "AKID-hunter2",
    "S3_SECRET_ACCESS_KEY": "hunter2",
    "S3_BUCKET": "menuvo-pictures",
    "S3_FILES_BUCKET": "menuvo-files",
}
ON_S3 = {**{name: value for name, value in COMPLETE.items() if name != "STORAGE_DIR"}, **S3}


def problems_of(environment: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_settings(environment)
    return list(caught.value.problems)


def test_s3_takes_the_place_of_a_folder() -> None:
    storage = read_settings(ON_S3).storage
    assert isinstance(storage, S3Settings)
    assert storage.endpoint == "https://account.r2.example"
    assert (storage.bucket, storage.files_bucket) == ("menuvo-pictures", "menuvo-files")
    assert (storage.region, storage.public_url, storage.public_origin) == ("auto", "", "")


def test_neither_folder_nor_s3_is_one_sentence_with_every_name() -> None:
    [problem] = problems_of({**COMPLETE, "STORAGE_DIR": ""})
    assert all(name in problem for name in ("STORAGE_DIR", *S3))


@pytest.mark.parametrize("name", S3)
def test_half_of_s3_is_one_sentence_with_what_is_missing(name: str) -> None:
    [problem] = problems_of({**ON_S3, name: ""})
    assert [other for other in S3 if other in problem] == [name]


def test_one_name_of_s3_beside_a_folder_is_half_of_s3_too() -> None:
    [problem] = problems_of({**COMPLETE, "S3_PUBLIC_URL": "https://pictures.example"})
    assert all(name in problem for name in S3)


def test_a_folder_beside_s3_is_refused() -> None:
    [problem] = problems_of({**ON_S3, "STORAGE_DIR": "/var/lib/menuvo"})
    assert "STORAGE_DIR and S3" in problem


def test_one_bucket_for_public_and_private_objects_is_refused() -> None:
    [problem] = problems_of({**ON_S3, "S3_FILES_BUCKET": ON_S3["S3_BUCKET"]})
    assert "S3_FILES_BUCKET" in problem


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("S3_ENDPOINT", "account.r2.example"),
        ("S3_ENDPOINT", "https://account.r2.example/menuvo-pictures"),
        ("S3_BUCKET", "Menuvo Pictures"),
        ("S3_PUBLIC_URL", "pictures.example"),
        ("S3_PUBLIC_URL", "https://pictures.example; script-src *"),
        ("S3_PUBLIC_URL", "https://pictures.example/?token=1"),
        ("S3_PUBLIC_URL", "http://pictures.example"),
        ("S3_REGION", "EU West"),
        ("S3_SECRET_ACCESS_KEY", "two words"),
    ],
)
def test_what_s3_cannot_be_reached_with_is_named(name: str, value: str) -> None:
    told = problems_of({**ON_S3, name: value})
    assert len(told) == 1
    assert told[0].startswith(name)


def test_pictures_by_http_are_fine_where_the_pages_are(tmp_path: Path) -> None:
    local = {"PUBLIC_URL": "http://localhost:8080", "S3_PUBLIC_URL": "http://localhost:9000/menu/"}
    storage = read_settings({**ON_S3, **local}).storage
    assert isinstance(storage, S3Settings)
    assert storage.public_url == "http://localhost:9000/menu"
    assert storage.public_origin == "http://localhost:9000"


def test_keys_of_s3_come_from_files_and_are_never_printed(tmp_path: Path) -> None:
    key, secret = tmp_path / "key", tmp_path / "secret"
    key.write_text("AKID-hunter2\n")
    secret.write_text("hunter2\n")
    files = {"S3_ACCESS_KEY_ID": "", "S3_SECRET_ACCESS_KEY": ""}
    files |= {"S3_ACCESS_KEY_ID_FILE": str(key), "S3_SECRET_ACCESS_KEY_FILE": str(secret)}
    settings = read_settings({**ON_S3, **files})
    assert isinstance(settings.storage, S3Settings)
    assert settings.storage.secret_access_key == "hunter2"
    assert "hunter2" not in repr(settings)


def test_an_empty_file_of_a_secret_that_may_be_missing_counts_as_none(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n")
    names = ("APP_DB_PASSWORD", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
    settings = read_settings({**COMPLETE, **{f"{name}_FILE": str(empty) for name in names}})
    assert settings.storage_dir == settings.storage == Path("/var/lib/menuvo")
    assert settings.app_db_password == ""


def test_an_empty_file_of_a_secret_that_must_be_there_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n")
    [problem] = problems_of({**COMPLETE, "AUTH_SECRET": "", "AUTH_SECRET_FILE": str(empty)})
    assert problem.startswith("AUTH_SECRET_FILE")
    assert "is empty" in problem


def test_every_setting_stands_in_the_example_and_in_the_reference() -> None:
    checkout = Path(__file__).parents[2]
    example = (checkout / ".env.example").read_text()
    reference = (checkout / "docs/reference/settings.md").read_text()
    for variable in VARIABLES:
        assert f"\n{variable.name}=" in example
        assert f"| `{variable.name}` |" in reference
