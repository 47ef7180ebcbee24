"""Images that carry production's references and behave like them, made of the base image.

They are not the official ones: glibc takes the place of musl, and there is no `apk`. The report
says so; what hangs on the difference must be seen where images can be pulled.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.commands import docker
from menuvo_ops.commands.docker import Build
from menuvo_ops.local.keys import key
from menuvo_ops.local.sources import Say
from tests.system.bed.binaries import Binaries
from tests.system.bed.cache import locked
from tests.system.bed.engine import Engine

FOLDER = Path(__file__).parent / "standins"
LABEL = "menuvo.standin"


@dataclass(frozen=True)
class StandIn:
    """`program` is the binary that the image is made around, if Debian has no package of it.

    `holds` is said when that is of another version than the reference.
    """

    reference: str
    folder: str
    program: str | None = None
    holds: str | None = None

    def __str__(self) -> str:
        return f"{self.reference} (holds {self.holds})" if self.holds else self.reference


STANDINS = (
    StandIn("postgres:18-alpine", "postgres"),
    StandIn("redis:8-alpine", "redis"),
    StandIn("caddy:2.11-alpine", "caddy"),
    StandIn("python:3.14-slim", "python"),
    StandIn("twinproduction/gatus:v5.36.0", "gatus", "gatus"),
    # The newest that the module proxy serves.
    StandIn("henrygd/beszel:0.18.8", "beszel", "beszel", holds="0.18.7"),
    StandIn("henrygd/beszel-agent:0.18.8", "beszel-agent", "agent", holds="0.18.7"),
    StandIn("versity/versitygw:v1.8.0", "versitygw", "versitygw"),
)
REFERENCES = tuple(one.reference for one in STANDINS)


def provide_standins(engine: Engine, base: str, binaries: Binaries, say: Say) -> None:
    """Official images that are there already stay."""
    made_of = key(base, FOLDER, binaries.key)
    with locked("standins"):
        finished = _images(engine, f"{LABEL}.key={made_of}")
        official = set(_images(engine)) - set(_images(engine, f"{LABEL}=true"))

        def provide(one: StandIn) -> None:
            if one.reference not in official.union(finished):
                what = f"Building the stand-in of {one.reference}"
                say(what)
                engine.docker(docker.build(image(one, base, binaries, made_of=made_of)), what=what)

        # Each waits more than it works.
        with ThreadPoolExecutor(len(STANDINS)) as pool:
            list(pool.map(provide, STANDINS))
        engine.docker(docker.prune_images(LABEL), what="Removing the stand-ins of before")


def image(one: StandIn, base: str, binaries: Binaries, *, made_of: str) -> Build:
    folder = FOLDER / one.folder
    return Build(
        dockerfile=folder / "Dockerfile",
        context=folder,
        tag=one.reference,
        arguments={"BASE": base},
        contexts={"program": str(binaries.folders[one.program])} if one.program else {},
        labels={LABEL: "true", f"{LABEL}.key": made_of},
    )


def present_standins(engine: Engine) -> tuple[StandIn, ...]:
    """Which images on this engine are not the official ones."""
    present = _images(engine, f"{LABEL}=true")
    return tuple(one for one in STANDINS if one.reference in present)


def _images(engine: Engine, *labels: str) -> list[str]:
    return engine.docker(docker.list_images(*labels), what="Listing images").split()
