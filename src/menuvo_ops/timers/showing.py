"""The timers for people, and for programs the same facts."""

from menuvo_ops.rollout.archive import Archive
from menuvo_ops.timers.jobs import JOBS
from menuvo_ops.timers.running import log_of, read


def as_facts(archive: Archive, *, installed: bool) -> "dict[str, object]":
    found = read(archive)
    timers = [
        {
            "name": job.name,
            "schedule": job.schedule,
            "last_at": found[job.name].at if job.name in found else None,
            "exit_code": found[job.name].exit_code if job.name in found else None,
            "said": found[job.name].said if job.name in found else "",
            "log": str(log_of(job, archive)),
        }
        for job in JOBS
    ]
    return {"installed": installed, "timers": timers}


def as_text(archive: Archive, *, installed: bool) -> str:
    head = "The timers are installed." if installed else "No timers: ./menuvo timers install"
    found, lines = read(archive), [head]
    for job in JOBS:
        lines.append(f"{job.name:<7} {job.schedule:<11} {job.told}")
        if job.name in found:
            last = found[job.name]
            how = "good" if last.exit_code == 0 else f"failed (exit code {last.exit_code})"
            lines += [f"        {last.at} {how}: {last.said}", f"        {log_of(job, archive)}"]
    return "\n".join(lines)
