"""References of images: which repository, which tag, which content."""

from collections.abc import Sequence

DEFAULT_PLATFORM = "ghcr.io/mwesox/menuvo-platform"


def repository(reference: str) -> str:
    """Without tag and digest; a colon before the last slash is a port."""
    name = reference.partition("@")[0]
    head, slash, tail = name.rpartition("/")
    return head + slash + tail.partition(":")[0]


def sibling(platform: str, name: str) -> str:
    """The repository of the image `menuvo-NAME` that lies beside the platform's."""
    head, slash, _ = repository(platform).rpartition("/")
    return f"{head}{slash}menuvo-{name}"


def of_platform(given: str, version: str) -> str:
    """`given` is what the environment says, with or without a tag, or nothing; of the very version
    it keeps its digest, since a tag can be moved."""
    tagged = f"{repository(given or DEFAULT_PLATFORM)}:{version}"
    return given if given.startswith(f"{tagged}@") else tagged


def of_sibling(platform: str, name: str, tag: str, given: str) -> str:
    """An image of another repository than ours is the operator's own, and stays."""
    ours = sibling(platform, name)
    return given if given and repository(given) != ours else f"{ours}:{tag}"


def pinned(reference: str, digests: Sequence[str]) -> str:
    """With the digest by which a registry knows it, where one does: a tag can be moved."""
    name = reference.partition("@")[0]
    for digest in digests:
        if digest.startswith(f"{repository(reference)}@"):
            return f"{name}@{digest.partition('@')[2]}"
    return name
