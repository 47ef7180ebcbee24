"""What is wrong is said before anything changes, all at once, and with what to do about it."""

import os
import shutil
import socket
import subprocess
import sys
import tarfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from menuvo_ops.commands import docker
from menuvo_ops.local.ports import free_port
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.records import Release as Record
from menuvo_ops.rollout.records import Schema
from menuvo_ops.shipping.layout import IN_IMAGE
from menuvo_ops.shipping.packing import pack
from tests.system.bed.bed import Bed
from tests.system.bed.production import CHECKOUT
from tests.system.production.stack import ANSWERS, write_environment
from tests.system.rollout.deployed import PROGRAM, Done
from tests.system.rollout.infrastructures import HEADER
from tests.system.rollout.meanwhile import command, environment
from tests.system.rollout.scenes import Scene, ended_of, explained, steps_of
from tests.system.rollout.test_infrastructure import OVERRIDE, edit_environment, ids
from tests.system.rollout.variants import PLATFORM, Release, build

NOWHERE = {"DOCKER_HOST": "unix:///nowhere/docker.sock"}


def refused(scene: Scene, done: Done) -> str:
    """What was said; and nothing was changed."""
    ended = scene.check(done, "refused", serves=scene.steady)
    assert steps_of(done) == {}, explained(done)
    assert not (scene.production.folder / "releases/.next").exists()
    return f"{ended['sentence']}\n{ended['hint']}"


# With a production that runs.


def test_a_version_that_nobody_has_is_refused_with_where_it_was_looked_for(scene: Scene) -> None:
    scene.webhook.take()
    done = scene.production.deploy(Release("no-such-version", f"{PLATFORM}:no-such-version"))
    told = refused(scene, done)
    assert f"{PLATFORM}:no-such-version" in told


def test_every_mistake_of_the_environment_is_told_at_once(scene: Scene) -> None:
    file = scene.production.folder / ".env"
    before = file.read_bytes()
    try:
        edit_environment(
            scene.production.folder, S3_BUCKET="", BESZEL_USER_EMAIL="nobody", BACKUP_CRON="often"
        )
        told = refused(scene, scene.deploy(scene.build("good", version="refused")))
    finally:
        file.write_bytes(before)
    for name in ("S3_BUCKET", "BESZEL_USER_EMAIL", "BACKUP_CRON"):
        assert name in told


def test_an_image_for_another_kind_of_machine_is_refused(scene: Scene, tmp_path: Path) -> None:
    release = foreign_release(scene.bed, tmp_path, "foreign", platform="linux/s390x")
    told = refused(scene, scene.deploy(release))
    assert f"{release.image} is built for s390x; this server is " in told


def test_an_image_without_a_release_in_it_is_refused(scene: Scene, tmp_path: Path) -> None:
    release = foreign_release(scene.bed, tmp_path, "bare", with_release=False)
    told = refused(scene, scene.deploy(release))
    assert f"The image {release.image} carries no release." in told


def test_a_rollback_to_a_release_whose_image_is_gone_names_what_to_do(scene: Scene) -> None:
    release = scene.another("after")
    assert scene.deploy(release).exit_code == 0
    engine = scene.bed.engine
    engine.docker(["docker", "tag", scene.steady.image, f"{PLATFORM}:aside"], what="Keeping it")
    engine.docker(docker.remove_image(scene.steady.image), what="Removing it")
    try:
        done = scene.roll_back()
        ended = scene.check(done, "refused", serves=release)
        assert f"its images are gone: {scene.steady.image}" in ended["sentence"]
        assert f"docker pull {scene.steady.image}" in ended["hint"]
        assert "menuvo releases" in ended["hint"]
        assert steps_of(done) == {}
    finally:
        engine.docker(["docker", "tag", f"{PLATFORM}:aside", scene.steady.image], what="Back")
    scene.check(scene.roll_back(), "done", serves=scene.steady)


def test_nobody_is_asked_where_nobody_is(scene: Scene) -> None:
    version = scene.build("good", version="unasked").version
    argv = command(scene.production, "deploy", "--version", version, "--accept-stale-backup")
    done = subprocess.run(
        argv,
        env=environment(scene.production),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert "Replace platform-a" in done.stderr
    scene.check_serving(scene.steady)


def test_over_an_unhealthy_instance_only_a_repair_is_deployed(scene: Scene) -> None:
    unwell = scene.production.project.inspect("platform-b")["Id"]
    scene.bed.engine.docker(docker.stop(unwell), what="Stopping platform-b")
    release = scene.another("repaired")
    done = scene.deploy(release)
    ended = ended_of(done)
    assert (done.exit_code, ended["outcome"]) == (1, "refused"), explained(done)
    assert "platform-b is exited" in ended["sentence"]
    assert "--repair" in ended["sentence"]
    assert steps_of(done) == {}

    done = scene.deploy(release, "--repair")
    scene.check(done, "done", serves=release)
    marks = list(steps_of(done))
    assert marks.index("platform-b") < marks.index("platform-a")


def test_what_was_changed_by_hand_is_named_and_can_be_adopted(scene: Scene) -> None:
    folder = scene.production.folder
    file = folder / OVERRIDE
    before = file.read_text()
    changed: dict[str, Any] = yaml.safe_load(before)
    changed["services"]["worker-imports"] = {"environment": {"BY_HAND": "1"}}
    file.write_text(yaml.safe_dump(changed))
    by_hand = ("up", "--detach", "--no-deps", "--wait", "worker-imports")
    scene.production.compose(*by_hand)
    file.write_text(before)

    told = refused(scene, scene.deploy(scene.build("good", version="over-drift")))
    assert "worker-imports was changed" in told
    assert "menuvo releases adopt" in told
    adopted = scene.production.menuvo("releases", "adopt")
    assert adopted.exit_code == 1
    assert "worker-imports" in ended_of(adopted)["sentence"]

    file.write_text(yaml.safe_dump(changed))
    running = ids(scene)
    adopted = scene.production.menuvo("releases", "adopt")
    assert adopted.exit_code == 0, explained(adopted)
    assert ids(scene) == running
    file.write_text(before)
    done = scene.deploy(scene.steady)
    scene.check(done, "done", serves=scene.steady)
    assert list(steps_of(done)) == ["install", "worker-imports", "settle"]


def test_without_a_fresh_backup_a_deploy_wants_to_hear_that_that_is_known(scene: Scene) -> None:
    release = scene.another("no-backup")
    deploy = ("deploy", "--version", release.version, "--yes", "--dry-run")
    with backups_of(scene, hours_ago=30):
        done = scene.production.menuvo(*deploy)
        [plan] = [event for event in done.events if event["event"] == "planned"]
        assert done.exit_code == 1
        [problem] = plan["problems"]
        assert "The last backup is 30 h old" in problem
        assert "--accept-stale-backup" in problem
        done = scene.production.menuvo(*deploy, "--accept-stale-backup")
        assert done.exit_code == 0, explained(done)
    done = scene.production.menuvo(*deploy)
    assert done.exit_code == 0, explained(done)


def test_a_caddy_that_lives_by_other_files_is_told(scene: Scene) -> None:
    """Somebody edited the file and forgot to reload."""
    file = scene.production.folder / "caddy/Caddyfile"
    before = file.read_text()
    file.write_text(
        before.replace("\theader -Via\n", f"\theader -Via\n\theader {HEADER} by-hand\n")
    )
    try:
        told = refused(scene, scene.deploy(scene.build("good", version="other-edge")))
    finally:
        file.write_text(before)
    assert "Caddy runs with another configuration than its files say" in told


@contextmanager
def backups_of(scene: Scene, *, hours_ago: int) -> Generator[None]:
    """All that there are have ended so long ago."""
    script = """
import datetime, json, pathlib, sys
ended = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=float(sys.argv[1]))
for file in pathlib.Path("/var/lib/menuvo/backups").glob("*/record.json"):
    record = json.loads(file.read_text())
    file.write_text(json.dumps({**record, "ended": ended.isoformat()}))
"""

    def age(hours: int) -> None:
        scene.production.project.execute("postgres-backup", "python3", "-c", script, str(hours))

    age(hours_ago)
    try:
        yield
    finally:
        age(0)


def foreign_release(
    bed: Bed, folder: Path, version: str, *, platform: str = "", with_release: bool = True
) -> Release:
    """An image that is nothing but a release's file, or not even that."""
    root = folder / "root"
    program = root / (IN_IMAGE.lstrip("/") if with_release else "nothing.pyz")
    program.parent.mkdir(parents=True)
    pack(CHECKOUT, version, program)
    archive = folder / "root.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(root, arcname="/")
    release = Release(version, f"{PLATFORM}:{version}")
    kind = [f"--platform={platform}"] if platform else []
    [*argv, source, tag] = docker.import_image(archive, release.image, changes=['CMD ["true"]'])
    bed.engine.docker([*argv, *kind, source, tag], what="Making an image")
    return release


# On a server where nothing runs.


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("program") / PROGRAM
    pack(CHECKOUT, "alone", file)
    return file


Menuvo = Callable[..., subprocess.CompletedProcess[str]]


def alone(program: Path, folder: Path, given: Mapping[str, str]) -> Menuvo:
    def menuvo(*arguments: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, str(program), *arguments, "--directory", str(folder)]
        env = {**os.environ, **given}
        return subprocess.run(argv, env=env, capture_output=True, text=True, check=False)

    return menuvo


@pytest.mark.parametrize("verb", [("deploy", "--yes"), ("rollback", "--yes")])
def test_without_an_engine_nothing_is_waited_for(
    program: Path, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    done = alone(program, tmp_path, NOWHERE)(*verb)
    assert done.returncode == 1
    assert "No Docker engine answers." in done.stderr
    assert "Is Docker running?" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_an_environment_is_told_how_to_get_one(
    bed: Bed, program: Path, tmp_path: Path
) -> None:
    done = alone(program, tmp_path, bed.engine.environment)("deploy", "--yes")
    assert done.returncode == 1
    assert f"There is no environment in {tmp_path}." in done.stderr
    assert "menuvo env init" in done.stderr


def test_where_nothing_was_deployed_nothing_can_come_back(
    bed: Bed, program: Path, tmp_path: Path
) -> None:
    menuvo = alone(program, tmp_path, bed.engine.environment)
    done = menuvo("rollback", "--yes")
    assert done.returncode == 2
    assert "Nothing was deployed here yet." in done.stderr
    assert menuvo("releases").stdout == "Nothing was deployed here yet.\n"
    assert "Nothing was deployed here yet." in menuvo("deploy", "status").stdout


def test_before_the_first_release_there_is_none_and_an_unknown_one_is_none(
    bed: Bed, program: Path, tmp_path: Path
) -> None:
    archive = Archive(tmp_path)
    archive.provide()
    (archive.new_draft() / ".env").write_text("VERSION=alone\n")
    schema = Schema("0001", "0001")
    archive.admit(Record(1, "alone", {}, schema, "2026-11-28T01:00:00+00:00", "somebody"))
    archive.make_current(1)
    menuvo = alone(program, tmp_path, bed.engine.environment)
    for arguments, sentence in (
        ((), "Before release 1 (alone) there was none to go back to."),
        (("17",), "There is no release 17."),
        (("4f2a",), "There is no release 4f2a."),
    ):
        done = menuvo("rollback", *arguments, "--yes")
        assert done.returncode == 2
        assert sentence in done.stderr
        assert "menuvo releases lists what there is." in done.stderr


@pytest.fixture
def prepared(bed: Bed, tmp_path: Path) -> Path:
    """A folder before its first deploy."""
    return prepare(bed, tmp_path)


def prepare(bed: Bed, folder: Path) -> Path:
    release = build(bed.engine, "good", version="alone")
    answers = {**ANSWERS, "VERSION": release.version, "PLATFORM_IMAGE": release.image}
    write_environment(folder, answers)
    with (folder / ".env").open("a") as file:
        file.write(f"COMPOSE_PROJECT_NAME='menuvo-bed-{os.getpid()}-alone'\n")
        file.write(f"HTTP_PORT='127.0.0.1:{free_port()}'\n")
        file.write(f"HTTPS_PORT='127.0.0.1:{free_port()}'\n")
    return folder


def test_a_port_that_somebody_has_is_told_before_anything_starts(
    bed: Bed, program: Path, prepared: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        edit_environment(prepared, HTTP_PORT=f"127.0.0.1:{port}")
        done = alone(program, prepared, bed.engine.environment)("deploy", "--yes")
    assert done.returncode == 1
    assert f"Port {port} is taken by another program" in done.stderr
    assert "ss -ltnp" in done.stderr
    assert _containers(bed) == ""
    assert not list(prepared.glob("releases/*/release.json"))


@pytest.mark.private_engine
def test_a_disk_that_is_nearly_full_is_told_before_anything_starts(
    bed: Bed, program: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    argv = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs", str(disk)]
    subprocess.run(argv, check=True)
    try:
        prepare(bed, disk)
        usage = shutil.disk_usage(disk)
        (disk / "filling").write_bytes(bytes(int(usage.total * 0.96) - usage.used))
        done = alone(program, disk, bed.engine.environment)("deploy", "--yes")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert done.returncode == 1
    assert f"GB of the disk of {disk} are free" in done.stderr
    assert "docker system df" in done.stderr
    assert _containers(bed) == ""


def _containers(bed: Bed) -> str:
    argv = docker.containers_of(f"menuvo-bed-{os.getpid()}-alone")
    return bed.engine.docker(argv, what="Listing containers").strip()
