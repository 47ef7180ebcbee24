"""Debian's package tools, mostly used without touching the system they run on."""

from collections.abc import Sequence
from pathlib import Path


def configuration(state: Path, *, installed: Path, sources: Path | None = None) -> str:
    """Everything apt writes goes below `state`; `installed` is a file like dpkg's status.

    So only what is missing there is fetched. The system's own hooks after an update expect root.
    `sources` takes the place of the system's sources. A mirror that does not answer is given up
    soon, because another source may have what is missing.
    """
    return _PRIVATE.format(state=state, installed=installed) + (
        _ONLY.format(sources=sources) if sources else ""
    )


_PRIVATE = """\
Dir::State "{state}/state";
Dir::State::status "{installed}";
Dir::Cache "{state}/cache";
Debug::NoLocking "true";
APT::Sandbox::User "root";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Acquire::Retries "1";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""

_ONLY = """\
Dir::Etc::sourcelist "{sources}";
Dir::Etc::sourceparts "-";
"""

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def source(mirror: str, suite: str) -> str:
    """One suite as a line of sources.

    A mirror may be a snapshot whose index is past its validity; the signature is still checked.
    """
    options = f"signed-by={KEYRING} check-valid-until=no check-date=no"
    return f"deb [{options}] {mirror} {suite} main\n"


def update(configuration: Path) -> list[str]:
    return ["apt-get", "-c", str(configuration), "-q", "update"]


def plan(configuration: Path, package: str) -> list[str]:
    """Say what an installation would add; needs no rights and changes nothing."""
    simulate = ["--simulate", "--no-install-recommends", "install", package]
    return ["apt-get", "-c", str(configuration), *simulate]


def download(configuration: Path, packages: Sequence[str]) -> list[str]:
    """Fetch into the current folder; apt checks signatures and hashes."""
    return ["apt-get", "-c", str(configuration), "-q", "download", *packages]


def extract(package: Path, root: Path) -> list[str]:
    return ["dpkg-deb", "--extract", str(package), str(root)]


def refresh_system() -> list[str]:
    return ["apt-get", "-qq", "update"]


def install_into_system(*packages: str) -> list[str]:
    """Needs root; for what cannot live in a private folder."""
    return ["apt-get", "-qq", "--yes", "--no-install-recommends", "install", *packages]


def upgradable() -> list[str]:
    """Prints a line for each package; what the system knows already is not fetched anew."""
    return ["apt", "list", "--upgradable"]
