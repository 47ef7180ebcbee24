"""Whether an image can run on a machine."""

_NAMES = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "armv7l": "arm",
    "i686": "386",
}


def mismatch(platform: str, machine: str) -> str | None:
    """A sentence when an image of `platform` (`linux/amd64`) cannot run where `uname -m` says
    `machine`; None when it can."""
    system, _, rest = platform.partition("/")
    architecture = rest.partition("/")[0]
    ours = _NAMES.get(machine, machine)
    if system == "linux" and architecture == ours:
        return None
    return (
        f"The image is built for {platform}, and the server is linux/{ours} ({machine}):"
        " it cannot run there."
    )
