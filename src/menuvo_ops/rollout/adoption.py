"""Takes over what was started by hand: writes down what runs, and changes nothing of it."""

import shutil
from pathlib import Path

from menuvo_ops.environment import prepare
from menuvo_ops.errors import NotReady
from menuvo_ops.rollout.archive import PROGRAM, Archive
from menuvo_ops.rollout.clock import now
from menuvo_ops.rollout.drafting import schema_of
from menuvo_ops.rollout.plan import INSTANCES, TASKS
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.stack import COMPOSE_FILE, OVERRIDE_FILE, Stack

_FOLDERS = ("beszel", "caddy", "gatus", "postgres", "redis", "socket-proxy")
# What programs are built of is no part of what runs.
_LEFT_OUT = shutil.ignore_patterns("build")


def draft_of_adoption(stack: Stack, archive: Archive, program: Path, *, who: str) -> Release:
    """Raises NotReady when the files in the folder are not what the containers were made of."""
    folder = archive.new_draft()
    _copy(stack.directory, folder)
    shutil.copyfile(program, folder / PROGRAM)
    environment = prepare(folder)
    images = _running_images(stack, folder)
    platform = stack.containers(stack.project(folder).name)[INSTANCES[0]].image
    previous = archive.current()
    return Release(
        number=archive.next_number(),
        version=environment["VERSION"],
        images=images,
        schema=schema_of(stack, platform),
        made_at=now(),
        made_by=f"{who}, adopted",
        previous=previous.number if previous else None,
    )


def _copy(directory: Path, folder: Path) -> None:
    if not (directory / COMPOSE_FILE).is_file():
        raise NotReady(f"There is no {COMPOSE_FILE} in {directory}.", hint="Name the folder.")
    for name in (COMPOSE_FILE, OVERRIDE_FILE, ".env"):
        if (directory / name).is_file():
            shutil.copy2(directory / name, folder / name)
    for name in _FOLDERS:
        if (directory / name).is_dir():
            shutil.copytree(directory / name, folder / name, ignore=_LEFT_OUT)


def _running_images(stack: Stack, folder: Path) -> dict[str, str]:
    project = stack.project(folder)
    there = stack.containers(project.name)
    expected = stack.config_hashes(project)
    other = sorted(
        name
        for name, hashed in expected.items()
        if name not in TASKS and (name not in there or there[name].config_hash != hashed)
    )
    if other:
        raise NotReady(
            f"What runs is not what the files say: {', '.join(other)}.",
            hint="Bring both together first: docker compose up --detach --wait",
        )
    images: dict[str, str] = {}
    for reference in stack.image_references(project):
        image = stack.image(reference)
        if image is not None:
            images[reference] = image.id
    return images
