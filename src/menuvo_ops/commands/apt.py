"""Debian's package tools, mostly used without touching the system they run on.

`state` is a private folder for lists and downloads; `installed` is dpkg's status file, so that
only what the system lacks is fetched.
"""

from pathlib import Path


def update(state: Path, installed: Path) -> list[str]:
    return ["apt-get", *_private(state, installed), "-q", "update"]


def plan(state: Path, installed: Path, package: str) -> list[str]:
    """Say what an installation would add; needs no rights and changes nothing."""
    simulate = ["--simulate", "--no-install-recommends", "install", package]
    return ["apt-get", *_private(state, installed), *simulate]


def download(state: Path, installed: Path, packages: list[str]) -> list[str]:
    """Fetch into the current folder; apt checks signatures and hashes."""
    return ["apt-get", *_private(state, installed), "-q", "download", *packages]


def extract(package: Path, root: Path) -> list[str]:
    return ["dpkg-deb", "--extract", str(package), str(root)]


def refresh_system() -> list[str]:
    return ["apt-get", "-qq", "update"]


def install_into_system(package: str) -> list[str]:
    """Needs root; for what cannot live in a private folder."""
    return ["apt-get", "-qq", "--yes", "--no-install-recommends", "install", package]


def _private(state: Path, installed: Path) -> list[str]:
    return [
        f"-oDir::State={state / 'state'}",
        f"-oDir::State::status={installed}",
        f"-oDir::Cache={state / 'cache'}",
        "-oDebug::NoLocking=1",
        # Without this root would hand the download to a user who may not enter our folder.
        "-oAPT::Sandbox::User=root",
    ]
