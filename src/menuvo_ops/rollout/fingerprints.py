"""What each service is made of, as one hash: its configuration, its image, its files and secrets.

Two releases with the same hash for a service need no other container.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

CADDY = "caddy"
# PostgreSQL reads it when its volume is empty, and never again: then it has a password of its own.
_READ_ONCE = ("postgres", "db_password")
# Caddy's own files, which it takes over without a restart.
_EDGE_FOLDER = "caddy"


class _Mount(TypedDict, total=False):
    type: str
    source: str
    target: str


class _Secret(TypedDict):
    file: str


class _Service(TypedDict, total=False):
    image: str
    volumes: list[_Mount]
    secrets: list[dict[str, str]]


class _Config(TypedDict):
    services: dict[str, _Service]
    networks: dict[str, object]
    volumes: dict[str, object]
    secrets: dict[str, _Secret]


@dataclass(frozen=True)
class Fingerprints:
    """`ground` is of networks and volumes, `edge` of what Caddy reads anew when it is told to,
    `environment` of all values, whoever reads them."""

    services: Mapping[str, str]
    edge: str
    ground: str
    environment: str


@dataclass(frozen=True)
class Contents:
    """Where the files of a release are read, whatever folder they are mounted from."""

    deployment: Path
    release: Path
    secrets: Mapping[str, bytes]
    environment: Mapping[str, str]

    def of(self, source: str) -> str:
        """The hash of a file or folder of the release; empty for what belongs to no release."""
        path = Path(source)
        if path.is_relative_to(self.deployment / "secrets"):
            return self._of_secrets(str(path.relative_to(self.deployment / "secrets")))
        if not path.is_relative_to(self.deployment):
            return ""
        within = self.release / path.relative_to(self.deployment)
        return _of_files(within) if within.exists() else ""

    def _of_secrets(self, name: str) -> str:
        chosen = {
            one: content.hex()
            for one, content in self.secrets.items()
            if one == name or one.startswith(f"{name}/")
        }
        return _hash(chosen)


def fingerprints(
    printed: str, contents: Contents, image_id: Callable[[str], str | None]
) -> Fingerprints:
    """`printed` is what `docker compose config --format json` says of the release."""
    config = cast("_Config", json.loads(printed))
    secrets = config.get("secrets", {})
    return Fingerprints(
        services={
            name: _of_service(name, service, secrets, contents, image_id)
            for name, service in config["services"].items()
        },
        edge=_hash(
            [
                contents.of(str(contents.deployment / _EDGE_FOLDER)),
                contents.of(str(contents.deployment / "secrets/tls")),
            ]
        ),
        ground=_hash([config.get("networks"), config.get("volumes")]),
        environment=_hash(dict(contents.environment)),
    )


def _of_service(
    name: str,
    service: _Service,
    secrets: Mapping[str, _Secret],
    contents: Contents,
    image_id: Callable[[str], str | None],
) -> str:
    reference = service.get("image", "")
    settings = {
        key: value
        for key, value in service.items()
        if key not in {"depends_on", "image", "profiles"}
    }
    return _hash(
        {
            "settings": settings,
            "image": image_id(reference) or reference,
            "files": [
                contents.of(mount.get("source", ""))
                for mount in service.get("volumes", [])
                if mount.get("type") == "bind" and not _is_edge(name, mount)
            ],
            "secrets": [
                contents.of(secrets[one["source"]]["file"])
                for one in service.get("secrets", [])
                if (name, one["source"]) != _READ_ONCE
            ],
        }
    )


def _is_edge(name: str, mount: _Mount) -> bool:
    target = mount.get("target", "")
    return name == CADDY and target in {"/etc/caddy", "/run/tls"}


def _of_files(path: Path) -> str:
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    files = sorted(one for one in path.rglob("*") if one.is_file())
    return _hash([[str(one.relative_to(path)), _of_files(one)] for one in files])


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
