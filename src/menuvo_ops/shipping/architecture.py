"""Whether an image can run on a machine."""

import json
from collections.abc import Collection
from typing import cast

_NAMES = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "armv7l": "arm",
    "i686": "386",
}


def mismatch(platforms: Collection[str], machine: str) -> str | None:
    """A sentence when an image for `platforms` (`linux/amd64`) cannot run where `uname -m` says
    `machine`; None when it can, and when nothing is known of it."""
    ours = _NAMES.get(machine, machine)
    if not platforms or any(_fits(one, ours) for one in platforms):
        return None
    return (
        f"The image is built for {', '.join(sorted(platforms))}, and the server is linux/{ours}"
        f" ({machine}): it cannot run there."
    )


def platforms_of(printed: str) -> set[str]:
    """From what a registry says of an image, as `docker buildx imagetools inspect` prints it.

    For one platform that is the image's own configuration, for several one for each by its name.
    """
    try:
        said = cast("object", json.loads(printed))
    except ValueError:
        return set()
    if not isinstance(said, dict):
        return set()
    facts = cast("dict[str, object]", said)
    if "architecture" in facts:
        return {f"{facts.get('os', 'linux')}/{facts['architecture']}"}
    return {name for name in facts if "/" in name and not name.startswith("unknown/")}


def _fits(platform: str, architecture: str) -> bool:
    return platform.split("/")[:2] == ["linux", architecture]
