"""`./menuvo bench NAME [--json] [--megabytes N]`."""

import argparse
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

from tests.bench.harness import Measurement, report

NOT_BENCHMARKS = {"__init__", "__main__", "harness"}
# What fills a database first can be told how large.
OF_A_SIZE = ("archive", "backup")


class Benchmark(Protocol):
    def run(self) -> Iterator[Measurement]: ...


class BenchmarkOfASize(Protocol):
    def run(self, megabytes: int) -> Iterator[Measurement]: ...


def main() -> int:
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    parser = argparse.ArgumentParser(prog="menuvo bench")
    parser.add_argument("name", choices=[name for name in names if name not in NOT_BENCHMARKS])
    parser.add_argument("--json", action="store_true", dest="machine_readable")
    parser.add_argument("--megabytes", type=int)
    asked = parser.parse_args()
    benchmark = importlib.import_module(f"tests.bench.{asked.name}")
    if asked.megabytes is None:
        measurements = cast("Benchmark", benchmark).run()
    elif asked.name in OF_A_SIZE:
        measurements = cast("BenchmarkOfASize", benchmark).run(asked.megabytes)
    else:
        parser.error(f"{asked.name} has no --megabytes; {' and '.join(OF_A_SIZE)} have.")
    return report(asked.name, measurements, machine_readable=asked.machine_readable)


if __name__ == "__main__":
    sys.exit(main())
