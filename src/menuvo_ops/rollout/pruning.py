"""Releases and images that nobody will go back to. Volumes are never touched."""

import json
from collections.abc import Iterator
from typing import cast

from menuvo_ops.commands import docker
from menuvo_ops.errors import CommandFailed
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.stack import Stack

KEPT = 3
# Our own three images carry it; nobody else's are removed.
_LABEL = "menuvo.image"


def prune(stack: Stack, archive: Archive) -> Iterator[str]:
    """Removes all but the last three that served, and the images that only the others needed."""
    kept = releases_to_keep(archive)
    for number in archive.numbers():
        if number not in kept:
            archive.remove(number)
            yield f"Removed release {number}."
    images = {image for number in kept for image in archive.load(number).images.values()}
    for image, name in _our_images(stack):
        if image not in images:
            try:
                stack.shell.run(docker.remove_image(name), what=f"Removing {name}")
            except CommandFailed:
                # A container has it, or another name: it is in use.
                continue
            yield f"Removed the image {name}."


def releases_to_keep(archive: Archive) -> set[int]:
    """What serves, and the two before it along the way back."""
    current = archive.current()
    kept: set[int] = set()
    there = archive.numbers()
    number = current.number if current else None
    while number is not None and number in there and len(kept) < KEPT:
        kept.add(number)
        release = archive.load(number)
        number = release.restores or release.previous
    others = [one for one in reversed(there) if one not in kept]
    served = [one for one in others if not archive.has_failed(one)]
    kept.update(served[: KEPT - len(kept)])
    # The last that failed stays too, for whoever asks why.
    kept.update([one for one in others if archive.has_failed(one)][:1])
    return kept


def _our_images(stack: Stack) -> Iterator[tuple[str, str]]:
    """The id and a name for each."""
    listed = stack.shell.run(docker.images_with(_LABEL), what="Listing our images")
    for line in listed.splitlines():
        shown = cast("dict[str, str]", json.loads(line))
        tagged = "<none>" not in {shown["Repository"], shown["Tag"]}
        name = f"{shown['Repository']}:{shown['Tag']}" if tagged else shown["ID"]
        yield shown["ID"], name
