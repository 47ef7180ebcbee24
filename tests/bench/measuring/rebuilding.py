"""The server is gone: seconds from `menuvo rebuild` on an empty one to the first order."""

import time
from pathlib import Path

from tests.bench.harness import Measurement
from tests.system.bed.bed import Bed
from tests.system.production.restaurants import fill
from tests.system.rollout.losing import losable_production


def measure(bed: Bed, folder: Path, megabytes: int) -> list[Measurement]:
    folder.mkdir()
    with losable_production(bed, folder) as loss:
        production = loss.production
        fill(production, megabytes)
        loss.lose()
        began = time.monotonic()
        done = production.menuvo("rebuild", str(loss.recovery_file), "--yes")
        assert done.exit_code == 0, f"{done.events[-3:]}\n{done.complaints}"
        assert loss.order()
        seconds = time.monotonic() - began
    return [
        Measurement("from menuvo rebuild to the first order", seconds, "s", "lower"),
        Measurement("of these, the command itself", done.seconds, "s", "lower"),
    ]
