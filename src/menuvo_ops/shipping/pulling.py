"""Turns what Docker says when an image cannot be fetched into what is wrong and what to do."""

from menuvo_ops.errors import ImageUnavailable

_NOT_LET_IN = ("unauthorized", "denied", "no basic auth credentials", "authentication required")
_NOT_THERE = ("manifest unknown", "not found", "name unknown")
_NOT_REACHED = (
    "connection refused",
    "no such host",
    "i/o timeout",
    "timeout exceeded",
    "network is unreachable",
    "no route to host",
)


def explain(reference: str, said: str) -> ImageUnavailable:
    """`said` is the stderr of `docker pull`."""
    registry = registry_of(reference)
    words = said.lower()
    if any(word in words for word in _NOT_LET_IN):
        return ImageUnavailable(
            f"{registry} does not let this server fetch {reference}.",
            hint=f"Log this user in with a token that may read packages: docker login {registry}"
            " --username NAME --password-stdin (docs/guides/registry-login.md). A token that was"
            f" good before has expired or was taken back.\n{_last(said)}",
        )
    if any(word in words for word in _NOT_THERE):
        return ImageUnavailable(
            f"{registry} has no image {reference}.",
            hint="Is the version a whole commit of main, and has its workflow pushed the image?"
            f"\n{_last(said)}",
        )
    if any(word in words for word in _NOT_REACHED):
        return ImageUnavailable(
            f"{registry} cannot be reached from this server to fetch {reference}.",
            hint=f"What runs goes on running; try again when it answers.\n{_last(said)}",
        )
    return ImageUnavailable(f"{reference} could not be fetched.", hint=_last(said))


def registry_of(reference: str) -> str:
    """Where Docker looks for an image: a first part without a dot or a port is no host."""
    host, slash, _ = reference.partition("/")
    is_host = slash and ("." in host or ":" in host or host == "localhost")
    return host if is_host else "docker.io"


def _last(said: str) -> str:
    return "\n".join(said.strip().splitlines()[-1:])
