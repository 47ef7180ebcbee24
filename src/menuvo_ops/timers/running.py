"""One run of a timer: what it says goes into a log of bounded size, and a failure is told once."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypedDict, cast

from menuvo_ops.environment.writing import provide_folder, write
from menuvo_ops.errors import LockHeld
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.clock import now
from menuvo_ops.rollout.telling import Ended
from menuvo_ops.timers.jobs import Job

_LOG_BYTES = 256_000
_SAID_BYTES = 64_000


class _Written(TypedDict):
    at: str
    exit_code: int
    said: str


@dataclass(frozen=True)
class Last:
    """How a timer ended; `said` is its last line."""

    at: str
    exit_code: int
    said: str = ""


def run(job: Job, archive: Archive, program: Sequence[str]) -> "tuple[Last, Ended | None]":
    """How it ended, and what others are to be told: a failure, and not the same one again.

    `program` is this tool. A crash of it is a failure like any other, which is why it runs apart.
    """
    argv = [*program, *job.verb, f"--directory={archive.deployment}"]
    done = subprocess.run(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    said = done.stdout.decode(errors="replace")[-_SAID_BYTES:].strip()
    last = Last(now(), done.returncode, said)
    _keep_log(log_of(job, archive), last)
    before = read(archive).get(job.name)
    if last.exit_code == LockHeld.exit_code:
        # Somebody deploys or restores: the next hour makes up for it.
        return last, None
    _remember(archive, job, last)
    was_failing = before is not None and before.exit_code != 0
    is_news = last.exit_code != 0 and not was_failing
    return last, _told(job, last) if is_news else None


def read(archive: Archive) -> "dict[str, Last]":
    """By the name of the timer."""
    try:
        found = cast("dict[str, _Written]", json.loads(_file(archive).read_text()))
        return {name: Last(one["at"], one["exit_code"], one["said"]) for name, one in found.items()}
    except (OSError, ValueError, KeyError):
        return {}


def log_of(job: Job, archive: Archive) -> Path:
    return archive.root / "logs" / f"timer-{job.name}.log"


def _told(job: Job, last: Last) -> Ended:
    sentence = f"The timer {job.name} failed (exit code {last.exit_code}): {_shortened(last.said)}"
    return Ended("failed", last.exit_code, f"{sentence}\nLook: menuvo timers show")


def _shortened(said: str) -> str:
    """Its last words; the whole of it is in the log."""
    return "\n".join(said.splitlines()[-3:])


def _remember(archive: Archive, job: Job, last: Last) -> None:
    found = {name: asdict(one) for name, one in read(archive).items()}
    found[job.name] = asdict(Last(last.at, last.exit_code, _shortened(last.said)))
    write(_file(archive), json.dumps(found).encode(), mode=0o600)


def _keep_log(log: Path, last: Last) -> None:
    """Two files of at most so much: the older half is the other one."""
    provide_folder(log.parent, mode=0o700)
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    with log.open("a") as to:
        to.write(f"--- {last.at}, exit code {last.exit_code}\n{last.said}\n")


def _file(archive: Archive) -> Path:
    return archive.root / "timers.json"
