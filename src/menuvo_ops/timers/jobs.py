"""What is done at which time. Each asks first whether anything is due, so a missed hour is made up
for by the next one."""

from dataclasses import dataclass

from menuvo_ops.errors import Usage


@dataclass(frozen=True)
class Job:
    """`schedule` is of cron, in the server's time; `verb` is the command of `menuvo`."""

    name: str
    schedule: str
    verb: tuple[str, ...]
    told: str


JOBS = (
    Job(
        "verify",
        "40 * * * *",
        ("backup", "verify", "--due"),
        "each hour: the newest backup is restored for trial, if nobody has",
    ),
    Job(
        "drill",
        "20 4 * * *",
        ("drill", "--due"),
        "in the night: a drill from the bucket, once a week or after one that failed",
    ),
)


def find(name: str) -> Job:
    """Raises Usage."""
    for job in JOBS:
        if job.name == name:
            return job
    known = ", ".join(job.name for job in JOBS)
    raise Usage(f"There is no timer {name}.", hint=f"There is: {known}")
