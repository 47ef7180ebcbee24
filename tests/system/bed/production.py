"""Production's own three images, built from infra/ as a release builds them."""

import os
from collections.abc import Mapping
from pathlib import Path

from menuvo_ops.commands import docker
from menuvo_ops.commands.docker import Build
from menuvo_ops.local.keys import key
from menuvo_ops.local.sources import Say
from tests.system.bed.binaries import CADDY, Binaries
from tests.system.bed.engine import Engine

CHECKOUT = Path(__file__).parents[3]
# Runs of two checkouts at once must not take each other's images.
TAG = f"bed-{key(str(CHECKOUT))[:8]}"
LABEL = "menuvo.bed"
# The image's name, and its file in infra/.
DOCKERFILES = {
    "platform": "Dockerfile.platform",
    "caddy": "Dockerfile.caddy",
    "backup": "Dockerfile.backup",
}
# The stage of Dockerfile.caddy that a finished program takes the place of.
CADDY_STAGE = "caddy-binary"
_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
# How this machine reaches its package index, if it has settings for that.
_PASSED_ON = (
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "UV_DEFAULT_INDEX"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
)


def reference(name: str) -> str:
    return f"menuvo-{name}:{TAG}"


def variables() -> dict[str, str]:
    """What puts these images into production's own Compose file."""
    return {f"{name.upper()}_IMAGE": reference(name) for name in DOCKERFILES}


def build_images(engine: Engine, binaries: Binaries | None, say: Say) -> tuple[str, ...]:
    """Return their references; Docker's own cache makes a second time quick."""
    built: list[str] = []
    for name, file in DOCKERFILES.items():
        if (CHECKOUT / "infra" / file).exists():
            say(f"Building {reference(name)}")
            argv = docker.build(image(name, binaries, environment=os.environ))
            engine.docker(argv, what=f"Building {reference(name)}")
            built.append(reference(name))
    engine.docker(docker.prune_images(LABEL), what="Removing the images of before")
    return tuple(built)


def image(name: str, binaries: Binaries | None, *, environment: Mapping[str, str]) -> Build:
    prebuilt = binaries.folders[CADDY.name] if binaries and name == "caddy" else None
    return Build(
        dockerfile=CHECKOUT / "infra" / DOCKERFILES[name],
        context=CHECKOUT,
        tag=reference(name),
        arguments={
            # Not the commit: what has not changed since the last one need not be built again.
            "VERSION": "bed",
            **{name: environment[name] for name in _PASSED_ON if environment.get(name)},
        },
        contexts={CADDY_STAGE: str(prebuilt)} if prebuilt else {},
        labels={LABEL: name},
        # A machine behind a proxy that opens TLS trusts its certificate, and a build must too.
        secrets={"ca": _BUNDLE} if _BUNDLE.exists() else {},
    )
