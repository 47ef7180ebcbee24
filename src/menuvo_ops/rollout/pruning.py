"""Releases and images that nobody will go back to. Volumes are never touched."""

from collections.abc import Iterator

from menuvo_ops.commands import docker
from menuvo_ops.errors import CommandFailed, OpsError
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.scene import Scene
from menuvo_ops.rollout.stack import Stack

KEPT = 3


def make_room(scene: Scene) -> None:
    """Also after what has failed: who tries again and again must not fill the disk. Nothing that
    serves depends on it."""
    try:
        for told in prune(scene.stack, scene.archive):
            scene.note(told)
        scene.archive.forget_incoming()
    except (OpsError, OSError) as error:
        scene.warn(f"Old releases could not be removed: {error}")


def prune(stack: Stack, archive: Archive) -> Iterator[str]:
    """Removes all but the last three that served, and the images that only those needed.

    What no release of this deployment has recorded is somebody else's.
    """
    kept = releases_to_keep(archive)
    gone = [release for release in archive.releases() if release.number not in kept]
    needed = {image for number in kept for image in archive.load(number).images.values()}
    for release in gone:
        for reference, image in release.images.items():
            if image not in needed and _remove_image(stack, reference, image):
                yield f"Removed the image {reference}."
        archive.remove(release.number)
        yield f"Removed release {release.name}."


def _remove_image(stack: Stack, reference: str, image: str) -> bool:
    """Unless it is gone, is another one by now, or a container has it."""
    there = stack.image(reference)
    if there is None or there.id != image:
        return False
    try:
        stack.shell.run(docker.remove_image(reference), what=f"Removing {reference}")
    except CommandFailed:
        return False
    return True


def releases_to_keep(archive: Archive) -> set[int]:
    """The last three that served, the way back, and the last that failed: somebody may ask why."""
    there = list(reversed(archive.numbers()))
    kept = set([number for number in there if not archive.has_failed(number)][:KEPT])
    kept.update([number for number in there if archive.has_failed(number)][:1])
    current = archive.current()
    if current is not None:
        before = archive.before(current)
        kept.update(one.number for one in (current, before) if one is not None)
        # Which release that is tells the one that was brought back.
        kept.update(one for one in there if one == current.restores)
    return kept
