"""`./menuvo bench NAME [--json]`."""

import argparse
import importlib
import sys
from pathlib import Path
from typing import Protocol, cast

from tests.bench.harness import Measurement, report

NOT_BENCHMARKS = {"__init__", "__main__", "harness"}


class Benchmark(Protocol):
    def run(self) -> list[Measurement]: ...


def main() -> int:
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    parser = argparse.ArgumentParser(prog="menuvo bench")
    parser.add_argument("name", choices=[name for name in names if name not in NOT_BENCHMARKS])
    parser.add_argument("--json", action="store_true", dest="machine_readable")
    asked = parser.parse_args()
    benchmark = cast("Benchmark", importlib.import_module(f"tests.bench.{asked.name}"))
    return report(asked.name, benchmark.run(), machine_readable=asked.machine_readable)


if __name__ == "__main__":
    sys.exit(main())
