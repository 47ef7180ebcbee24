"""Backups that the bucket's owner cannot read, in production's own containers."""

from collections.abc import Generator

import pytest

from menuvo_ops.environment.age import new_identity, recipient_of
from tests.system.rollout.backups import (
    back_up,
    check_restored,
    contents,
    differing,
    listed,
    rename_store,
    restore,
)
from tests.system.rollout.scenes import Scene, explained
from tests.system.rollout.test_backups import MANIFEST, flip_in_bucket, in_bucket
from tests.system.rollout.test_infrastructure import edit_environment

# In the one file of a backup that is not compressed.
PLAIN = "CREATE ROLE"


@pytest.fixture
def identity(scene: Scene) -> Generator[str]:
    made = new_identity()
    set_keys(scene, recipient=recipient_of(made) or "", identity=made)
    yield made
    set_keys(scene, recipient="", identity="")


def set_keys(scene: Scene, *, recipient: str, identity: str) -> None:
    folder = scene.production.folder
    edit_environment(folder, BACKUP_AGE_RECIPIENT=recipient, BACKUP_AGE_IDENTITY=identity)
    done = scene.deploy(scene.steady)
    assert done.exit_code == 0, explained(done)


def readable_in_bucket(scene: Scene) -> list[str]:
    """Files that hold what a backup holds, and say it."""
    script = 'grep -rlF "$1" "/data/$BACKUP_S3_BUCKET" || true'
    return scene.production.project.execute("s3", "sh", "-c", script, "grep", PLAIN).split()


def lose_copies(scene: Scene, name: str) -> None:
    """As a disk that is lost takes them along."""
    folder = f"/var/lib/menuvo/backups/{name}"
    scene.production.project.execute(
        "postgres-backup", "rm", f"{folder}/database.dump", f"{folder}/globals.sql"
    )


def test_a_sealed_backup_is_tried_and_restored_from_a_bucket_that_can_read_nothing(
    scene: Scene, request: pytest.FixtureRequest
) -> None:
    plain = back_up(scene, "--no-verify")
    assert [one for one in readable_in_bucket(scene) if plain in one]
    _ = request.getfixturevalue("identity")
    wanted = contents(scene)
    name = back_up(scene)
    assert listed(scene)[0]["verified"]["source"] == "bucket"
    assert [one for one in readable_in_bucket(scene) if name in one] == []
    assert set(in_bucket(scene, name)) == {
        *("database.dump.age", "globals.sql.age", "record.json", MANIFEST)
    }
    lose_copies(scene, name)
    rename_store(scene, "Renamed since")
    assert "stores" in differing(contents(scene), wanted)
    check_restored(scene, restore(scene, name))
    assert differing(contents(scene), wanted) == set()
    # What was there before it was switched on is as good as ever.
    done = scene.production.menuvo("backup", "verify", plain)
    assert done.exit_code == 0, explained(done)


def test_without_the_key_the_trial_says_what_it_did_and_finds_a_flipped_byte(
    scene: Scene, identity: str
) -> None:
    set_keys(scene, recipient=recipient_of(identity) or "", identity="")
    name = back_up(scene)
    assert listed(scene)[0]["verified"]["unopened"]
    assert MANIFEST in in_bucket(scene, name)
    flip_in_bucket(scene, f"{name}/database.dump.age")
    done = scene.production.menuvo("backup", "verify", name)
    assert done.exit_code == 1, explained(done)
    assert listed(scene)[0]["refuted"]
    back_up(scene)
