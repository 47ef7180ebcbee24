"""The images that are ours: built from this checkout, or named in the environment."""

import os
from collections.abc import Mapping
from pathlib import Path

from menuvo_ops.commands import docker
from menuvo_ops.commands.docker import Build
from menuvo_ops.local.sources import Say
from menuvo_ops.runner import run

# The variable of the compose file, and what its image is built from.
DOCKERFILES = {
    "PLATFORM_IMAGE": "Dockerfile.platform",
    "CADDY_IMAGE": "Dockerfile.caddy",
    "BACKUP_IMAGE": "Dockerfile.backup",
}


def provide_images(root: Path, release: str, say: Say) -> dict[str, str]:
    """The reference of each image, by its variable; one that is set already is not built."""
    references: dict[str, str] = {}
    for variable, dockerfile in DOCKERFILES.items():
        given = os.environ.get(variable)
        if not given:
            name = f"menuvo-{dockerfile.removeprefix('Dockerfile.')}"
            say(f"Building {name}; the first time takes some minutes")
            image = build_of(root, dockerfile, f"{name}:{release}", os.environ)
            run(docker.build(image), what=f"Building {name}", last_lines=20)
            given = image.tag
        references[variable] = given
    return references


def build_of(root: Path, dockerfile: str, tag: str, environment: Mapping[str, str]) -> Build:
    """A machine behind a proxy that opens TLS names its authorities, for builds to trust."""
    authorities = environment.get("SSL_CERT_FILE")
    return Build(
        dockerfile=root / "infra" / dockerfile,
        context=root,
        tag=tag,
        arguments={"VERSION": tag.rpartition(":")[2]},
        secrets={"ca": Path(authorities)} if authorities and Path(authorities).exists() else {},
    )
