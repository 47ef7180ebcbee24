"""`python -m tests.system.bed up|down|env|status`: the bed, for people.

up      start an engine that stays, and bring every image onto it
env     print what a shell needs to use it: eval "$(python -m tests.system.bed env)"
status  say what there is
down    stop it and remove everything but the cache
"""

import argparse
import shlex
import sys

from menuvo_ops.errors import OpsError
from menuvo_ops.terminal import data, talk
from tests.system.bed import engine
from tests.system.bed.bed import furnish
from tests.system.bed.cache import cache
from tests.system.bed.production import variables
from tests.system.bed.report import Report
from tests.system.bed.standins import present_standins


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.system.bed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = {"up": up, "down": engine.stop_kept, "env": env, "status": status}
    parser.add_argument("verb", choices=verbs)
    try:
        verbs[parser.parse_args().verb]()
    except OpsError as error:
        talk.print(f"{error.message}\n{error.hint}".strip(), markup=False)
        return error.exit_code
    return 0


def up() -> None:
    report = Report()
    with report.phase("engine"):
        kept = engine.keep(_say)
    furnish(kept, report, _say)
    for line in report.lines():
        data.print(line, markup=False)


def env() -> None:
    for name, value in {**engine.find_engine().environment, **variables()}.items():
        data.print(f"export {name}={shlex.quote(value)}", markup=False, soft_wrap=True)


def status() -> None:
    found = engine.find_engine()
    data.print(f"engine: {found.description}", markup=False)
    data.print(f"cache: {cache()}", markup=False)
    standins = ", ".join(map(str, present_standins(found)))
    data.print(f"stand-ins: {standins or 'none'}", markup=False)


def _say(sentence: str) -> None:
    talk.print(sentence, markup=False)


if __name__ == "__main__":
    sys.exit(main())
