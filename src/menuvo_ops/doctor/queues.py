"""The work that waits in the database."""

from menuvo_ops.doctor.finding import Check, Found, doubtful, ill, well
from menuvo_ops.doctor.ground import Ground

_PATIENCE_SECONDS = 300
_WORKERS = {"images": "worker-images", "imports": "worker-imports"}

# Read as the owner, who sees the rows of all merchants.
_OLDEST = """
SELECT queue, count(*), extract(epoch FROM now() - min(not_before))::int
FROM jobs WHERE state = 'queued' AND not_before <= now()
GROUP BY queue ORDER BY 3 DESC LIMIT 1
"""
_DEAD = """
SELECT kind, count(*), (array_agg(left(last_error, 200) ORDER BY finished_at DESC))[1]
FROM jobs WHERE state = 'dead' AND finished_at > now() - interval '1 day'
GROUP BY kind ORDER BY 2 DESC LIMIT 1
"""
_EXPIRED = """
SELECT count(*) FROM jobs WHERE state = 'running' AND lease_until < now() - interval '5 minutes'
"""


def waiting(ground: Ground) -> Found:
    oldest = ground.ask_database(_OLDEST)
    if not oldest:
        return well("No job waits.")
    queue, many, seconds = oldest.split("|")
    told = f"{many} jobs wait in the queue {queue}, the oldest for {int(seconds)} s."
    if int(seconds) < _PATIENCE_SECONDS:
        return well(told)
    worker = _WORKERS.get(queue, queue)
    return ill(
        f"{told} Nobody takes them.",
        fix=f"{ground.words.restart_of(worker)}; why: {ground.words.logs_of(worker)}",
    )


def dead(ground: Ground) -> Found:
    found = ground.ask_database(_DEAD)
    if not found:
        return well("No job was given up in the last day.")
    kind, many, error = found.split("|", 2)
    return doubtful(
        f"{many} jobs of the kind {kind} were given up in the last day. The last one: {error}",
        fix="The restaurant was told in the Console, where it can try again.",
    )


def abandoned(ground: Ground) -> Found:
    many = int(ground.ask_database(_EXPIRED))
    if not many:
        return well("Whoever has a job in hand is alive.")
    return ill(
        f"{many} jobs are in the hands of workers that are gone, and nobody takes them over.",
        fix=f"{ground.words.restart_of('worker-images')} worker-imports",
    )


CHECKS: "dict[str, Check]" = {
    "queue-waiting": waiting,
    "queue-dead": dead,
    "queue-abandoned": abandoned,
}
