"""Records and folders of releases, to try rules on them without containers."""

from pathlib import Path

from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.records import Release, Schema

SCHEMA = Schema(oldest="0001", head="0003")


def release(
    number: int = 1,
    version: str = "4f2a91c0",
    *,
    previous: int | None = None,
    restores: int | None = None,
    schema: Schema = SCHEMA,
) -> Release:
    return Release(
        number=number,
        version=version,
        images={f"menuvo-platform:{version}": f"sha256:{version}"},
        schema=schema,
        made_at="2026-11-28T01:00:00+00:00",
        made_by="somebody@somewhere",
        previous=previous,
        restores=restores,
    )


def provided(folder: Path) -> Archive:
    archive = Archive(folder)
    archive.provide()
    return archive


def admit(archive: Archive, one: Release, *, serves: bool = True) -> Release:
    draft = archive.new_draft()
    (draft / ".env").write_text(f"VERSION={one.version}\n")
    archive.admit(one)
    if serves:
        archive.make_current(one.number)
    return one
