"""Production at rest, and with an instance that is killed."""

import asyncio

from menuvo_ops.commands import docker
from menuvo_ops.containers.report import memory_by_container
from tests.bench.harness import Measurement
from tests.system.bed.bed import Bed
from tests.system.bed.production import reference
from tests.system.production.reading import reads
from tests.system.production.stack import Production

READS = 2000
PER_SECOND = 50
_BASE = "python:3.14-slim"
_MB = 1_000_000


def measure(bed: Bed, production: Production) -> list[Measurement]:
    base, whole = (size_of(bed, image) for image in (_BASE, reference("platform")))
    return [
        Measurement("our layers of the platform image", (whole - base) / _MB, "MB", "lower", 250),
        Measurement("of the base under them", base / _MB, "MB", "lower"),
        Measurement("whole stack idle, resident", idle(production) / _MB, "MB", "lower", 1500),
        Measurement("failed reads, an instance killed", failed(production), "", "lower", 0),
    ]


def size_of(bed: Bed, image: str) -> int:
    """Unpacked, in bytes."""
    argv = ["docker", "image", "inspect", "--format", "{{.Size}}", image]
    return int(bed.engine.docker(argv, what=f"Asking for the size of {image}"))


def idle(production: Production) -> int:
    """Bytes of all eleven, PostgreSQL's buffers included as far as they are in use."""
    ids = production.compose("ps", "--quiet").split()
    printed = production.project.engine.docker(docker.memory(ids), what="Asking for the memory")
    return sum(memory_by_container(printed).values())


def failed(production: Production) -> int:
    statuses = asyncio.run(
        reads(production, count=READS, per_second=PER_SECOND, killing="platform-a")
    )
    return sum(status != 200 for status in statuses) + READS - len(statuses)
