"""The figures of a deploy: two and a rollback under load, and the seed's plain workflow."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.harness import Measurement
from tests.bench.measuring import rollout
from tests.system.bed.bed import running_bed


def run() -> Iterator[Measurement]:
    folder = Path(tempfile.mkdtemp(prefix="menuvo-bench-"))
    try:
        with running_bed(lambda _: None) as bed:
            yield from rollout.measure(bed, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
