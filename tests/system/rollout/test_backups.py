"""Backups asked for on the server: made, restored for trial, and told about."""

import subprocess
from pathlib import Path

import pytest

from tests.system.rollout.backups import back_up, contents, listed
from tests.system.rollout.meanwhile import command, environment
from tests.system.rollout.scenes import Scene, ended_of, explained, steps_of, warnings_of

MANIFEST = "manifest.json"


@pytest.mark.core
def test_a_backup_is_made_and_restored_for_trial_while_everything_serves(
    scene: Scene, months_of_orders: int
) -> None:
    before = contents(scene)
    name = back_up(scene)
    newest = listed(scene)[0]
    assert (newest["id"], newest["outcome"], newest["uploaded"]) == (name, "good", True)
    assert newest["verified"]["source"] == "bucket"
    assert newest["verified"]["rows"] == sum(newest["contents"]["rows"].values())
    assert newest["contents"]["rows"]["public.orders"] >= months_of_orders
    assert newest["contents"]["database"]["bytes"] > 50_000_000
    assert newest["contents"]["schema_head"] == scene.revision
    assert MANIFEST in in_bucket(scene, name)
    assert contents(scene) == before
    scene.check_serving(scene.steady)
    told = listing(scene)
    assert name in told
    assert "in the bucket" in told


def test_a_backup_that_nobody_verified_says_so_and_is_verified_later(scene: Scene) -> None:
    name = back_up(scene, "--no-verify")
    assert "verified" not in listed(scene)[0]
    assert MANIFEST not in in_bucket(scene, name)
    done = scene.production.menuvo("backup", "verify")
    assert done.exit_code == 0, explained(done)
    assert f"Backup {name} can be restored." in ended_of(done)["sentence"]
    assert MANIFEST in in_bucket(scene, name)


def test_one_flipped_byte_in_the_bucket_is_found_and_the_backup_is_none(scene: Scene) -> None:
    name = back_up(scene, "--no-verify")
    flip_in_bucket(scene, f"{name}/database.dump")
    done = scene.production.menuvo("backup", "verify", name)
    assert done.exit_code == 1, explained(done)
    assert listed(scene)[0]["refuted"]
    assert MANIFEST not in in_bucket(scene, name)
    refused = scene.production.menuvo("restore", name, "--yes")
    assert refused.exit_code == 1, explained(refused)
    assert f"Backup {name} cannot be restored" in ended_of(refused)["sentence"]
    scene.check_serving(scene.steady)


def test_a_backup_that_failed_keeps_no_release_from_coming_or_going(scene: Scene) -> None:
    name = back_up(scene, "--no-verify")
    flip_in_bucket(scene, f"{name}/database.dump")
    assert scene.production.menuvo("backup", "verify", name).exit_code == 1
    # Now its health check complains from the beginning.
    scene.production.compose("restart", "postgres-backup")
    changed = scene.build("changed_backup")
    done = scene.deploy(changed, "--patience", "60")
    scene.check(done, "done", serves=changed)
    [told] = [one for one in warnings_of(done) if one.startswith("postgres-backup runs, and is")]
    assert name in told
    back = scene.roll_back()
    scene.check(back, "done", serves=scene.steady)
    again = scene.another("beside-a-failed-backup")
    done = scene.deploy(again)
    scene.check(done, "done", serves=again)
    assert "postgres-backup" not in steps_of(done)
    scene.check(scene.roll_back(), "done", serves=scene.steady)
    back_up(scene)


def listing(scene: Scene) -> str:
    """As a person reads it."""
    argv = command(scene.production, "backup", "list")
    done = subprocess.run(
        argv, env=environment(scene.production), capture_output=True, text=True, check=True
    )
    return done.stdout


def in_bucket(scene: Scene, name: str) -> list[str]:
    folder = f"/data/{_bucket(scene)}"
    found = scene.production.project.execute(
        "s3", "find", folder, "-type", "f", "-path", f"*{name}*"
    )
    return [Path(one).name for one in found.split()]


def flip_in_bucket(scene: Scene, key: str) -> None:
    """In its middle, as a disk does it."""
    script = (
        "set -e; f=$1; n=$(($(stat -c %s $f) / 2));"
        " byte=$(dd if=$f bs=1 skip=$n count=1 status=none | od -An -tu1);"
        " printf \\\\$(printf %o $((byte ^ 255))) | dd of=$f bs=1 seek=$n conv=notrunc status=none"
    )
    folder = f"/data/{_bucket(scene)}"
    [file] = scene.production.project.execute(
        "s3", "find", folder, "-type", "f", "-path", f"*{key}"
    ).split()
    _ = scene.production.project.execute("s3", "sh", "-c", script, "flip", file)


def _bucket(scene: Scene) -> str:
    return scene.production.project.execute("s3", "printenv", "BACKUP_S3_BUCKET").strip()
