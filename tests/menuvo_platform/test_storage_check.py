"""`menuvo-platform check` and storage: one sentence for each problem, and nothing left behind."""

import subprocess
import sys
from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from menuvo_platform.settings import Redacted, Settings
from menuvo_platform.storage_check import check_storage
from tests.instances import environment_of
from tests.versitygw import ObjectServer, running_object_server

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[ObjectServer]:
    with running_object_server(tmp_path_factory.mktemp("objects")) as server:
        yield server


@pytest.fixture
def on_s3(settings: Settings, server: ObjectServer) -> Settings:
    return replace(settings, s3=server.settings)


def changed(settings: Settings, **values: str) -> Settings:
    assert settings.s3
    return replace(settings, s3=replace(settings.s3, **values))


async def test_both_buckets_are_tried_and_left_as_they_were(
    on_s3: Settings, server: ObjectServer
) -> None:
    assert await check_storage(on_s3) == []
    left = [path for path in server.root.rglob("*") if path.is_file() and "check-" in path.name]
    assert left == []


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"bucket": "nowhere"}, ["S3_BUCKET: there is no bucket of this name"]),
        (
            {"bucket": "nowhere", "files_bucket": "nowhere-else"},
            ["S3_BUCKET: there is no", "S3_FILES_BUCKET: there is no"],
        ),
        ({"secret_access_key": Redacted("wrong")}, ["S3_ACCESS_KEY_ID or S3_SECRET_ACCESS_KEY"]),
        ({"access_key_id": Redacted("wrong")}, ["S3_ACCESS_KEY_ID or S3_SECRET_ACCESS_KEY"]),
        ({"endpoint": "http://127.0.0.1:9"}, ["S3_ENDPOINT: nothing answers"]),
        ({"endpoint": "http://menuvo.invalid"}, ["S3_ENDPOINT: nothing answers"]),
    ],
)
async def test_each_problem_is_one_sentence_by_the_name_of_its_setting(
    on_s3: Settings, values: dict[str, str], sentences: list[str]
) -> None:
    problems = await check_storage(changed(on_s3, **values))
    assert len(problems) == len(sentences)
    for problem, sentence in zip(problems, sentences, strict=True):
        assert problem.startswith(sentence)


async def test_a_bucket_that_the_key_may_not_write_to_is_named(
    on_s3: Settings, server: ObjectServer
) -> None:
    # The server runs as whoever runs the tests, so only a folder that is none refuses root too.
    (server.root / "pictures" / "m").write_text("in the way")
    try:
        [problem] = await check_storage(on_s3)
    finally:
        (server.root / "pictures" / "m").unlink()
    assert problem.startswith("S3_BUCKET: ")


async def test_a_folder_is_tried_as_well(settings: Settings, tmp_path: Path) -> None:
    assert await check_storage(replace(settings, storage_dir=tmp_path / "new")) == []
    assert list((tmp_path / "new").iterdir()) == []
    (tmp_path / "file").write_text("")
    [problem] = await check_storage(replace(settings, storage_dir=tmp_path / "file" / "below"))
    assert problem.startswith("STORAGE_DIR: nothing can be kept there (")


def test_the_command_says_what_is_wrong_and_exits_with_one(on_s3: Settings) -> None:
    assert on_s3.s3
    good = _check(environment_of(on_s3))
    assert (good.returncode, good.stderr) == (0, "")
    bad = _check({**environment_of(on_s3), "S3_SECRET_ACCESS_KEY": "not-the-secret"})
    assert bad.returncode == 1
    [problem] = bad.stderr.splitlines()
    assert problem.startswith("S3_ACCESS_KEY_ID or S3_SECRET_ACCESS_KEY")
    for told in (bad.stdout, bad.stderr):
        assert on_s3.s3.endpoint not in told
        assert "not-the-secret" not in told


def test_a_process_that_has_just_used_the_store_ends_well_every_time(
    settings: Settings,
) -> None:
    # Nothing listens there: what is asked last is let go of while the process ends.
    nowhere = ObjectServer(9, Path("/nowhere")).settings
    environment = environment_of(replace(settings, s3=nowhere))
    assert [_check(environment).returncode for _ in range(6)] == [1] * 6


def _check(environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "menuvo_platform", "check"]
    return subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
