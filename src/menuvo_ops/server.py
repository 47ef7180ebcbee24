"""The command `menuvo` on a server, out of a release file: the standard library alone."""

import argparse
import sys
from collections.abc import Sequence

from menuvo_ops.errors import OpsError
from menuvo_ops.shipping import bundle


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="menuvo", description="Runs releases of Menuvo.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("version", help="print which release this file is")
    parser.parse_args(argv)
    try:
        sys.stdout.write(f"{_version()}\n")
    except OpsError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}\n")
        return error.exit_code
    return 0


def _version() -> str:
    pyz = bundle.running_file()
    return bundle.read(pyz).version if pyz else "unknown"
