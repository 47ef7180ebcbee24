"""Production at rest, and with an instance that is killed."""

import asyncio
from collections import Counter
from http import HTTPStatus

from menuvo_ops.commands import docker
from menuvo_ops.containers.usage import SHORT_ID, memory_by_container
from tests.bench.harness import Measurement
from tests.system.bed.bed import Bed
from tests.system.bed.production import reference
from tests.system.production.reading import reads
from tests.system.production.stack import Production

READS = 2000
PER_SECOND = 50
# What watches all others, with the limits that the seed gave three of them together.
WATCHERS = ("gatus", "beszel", "beszel-agent", "socket-proxy")
WATCHERS_MIB = 128 + 128 + 64
_BASE = "python:3.14-slim"
_MB = 1_000_000
_MIB = 1024 * 1024


def measure(bed: Bed, production: Production) -> list[Measurement]:
    base, whole = (size_of(bed, image) for image in (_BASE, reference("platform")))
    return [
        Measurement("our layers of the platform image", (whole - base) / _MB, "MB", "lower", 250),
        Measurement("of the base under them", base / _MB, "MB", "lower"),
        *idle(production),
        *failed(production),
    ]


def size_of(bed: Bed, image: str) -> int:
    """Unpacked, in bytes."""
    argv = ["docker", "image", "inspect", "--format", "{{.Size}}", image]
    return int(bed.engine.docker(argv, what=f"Asking for the size of {image}"))


def idle(production: Production) -> list[Measurement]:
    """Of all twelve and the S3 server, PostgreSQL's buffers included as far as they are in use."""
    services = {one.id[:SHORT_ID]: name for name, one in production.project.services().items()}
    argv = docker.memory(list(services))
    printed = production.project.engine.docker(argv, what="Asking for the memory")
    used = {services[one]: size for one, size in memory_by_container(printed).items()}
    watching = sum(used[name] for name in WATCHERS)
    return [
        Measurement("whole stack idle, resident", sum(used.values()) / _MB, "MB", "lower", 1500),
        Measurement("of that, what watches", watching / _MIB, "MiB", "lower", WATCHERS_MIB),
        *(Measurement(f"of that, {name}", used[name] / _MIB, "MiB", "lower") for name in WATCHERS),
    ]


def failed(production: Production) -> list[Measurement]:
    """How many, and by what."""
    statuses = asyncio.run(
        reads(production, count=READS, per_second=PER_SECOND, killing="platform-a")
    )
    failures = Counter(status for status in statuses if status != HTTPStatus.OK)
    many = failures.total() + READS - len(statuses)
    return [
        Measurement("failed reads, an instance killed", many, "", "lower", 0),
        *(
            Measurement(f"of these, answered {status or 'nothing in time'}", count, "", "lower")
            for status, count in failures.items()
        ),
    ]
