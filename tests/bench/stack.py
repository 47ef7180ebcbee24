"""The figures of production in containers: the bed, the image, the memory, a killed instance."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.harness import Measurement
from tests.bench.measuring import bed as bed_times
from tests.bench.measuring import production as at_work
from tests.system.bed.bed import running_bed
from tests.system.production.stack import running_production


def run() -> Iterator[Measurement]:
    folder = Path(tempfile.mkdtemp(prefix="menuvo-bench-"))
    try:
        yield from bed_times.measure(folder)
        with running_bed(lambda _: None) as bed:
            (folder / "deployment").mkdir()
            with running_production(bed, folder / "deployment") as production:
                yield from at_work.measure(bed, production)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
