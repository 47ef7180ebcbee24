"""Hands the values that a workflow knows to a deploy, as one file that nobody else can read.

A workflow's secrets arrive as environment; one that was never set arrives empty and is left out, so
that it does not replace what the server has.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from menuvo_ops.environment.dotenv import quoted
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.environment.writing import write

# Only the workflow reads it.
OF_THE_WORKFLOW = "SENTRY_AUTH_TOKEN"


def names() -> dict[str, tuple[str, ...]]:
    """What a deploy may be given: each name with those that it was called before."""
    return {
        name: (name, *variable.aliases)
        for name, variable in VARIABLES.items()
        if not variable.is_ours and name != OF_THE_WORKFLOW
    }


def handed_over(environment: Mapping[str, str]) -> dict[str, str]:
    """Under today's names; the value under today's name wins."""
    found: dict[str, str] = {}
    for name, spellings in names().items():
        values = [environment[one] for one in spellings if environment.get(one)]
        if values:
            found[name] = values[0]
    return found


class _Arguments(argparse.Namespace):
    out: Path


def main() -> None:
    """Says which names it wrote, and never a value."""
    parser = argparse.ArgumentParser(prog="python -m menuvo_ops.shipping.handover")
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args(namespace=_Arguments()).out
    values = handed_over(os.environ)
    content = "".join(f"{name}={quoted(value)}\n" for name, value in values.items())
    write(out, content.encode(), mode=0o600)
    sys.stderr.write(f"Handed to the deploy: {', '.join(values) or 'nothing'}.\n")


if __name__ == "__main__":
    main()
