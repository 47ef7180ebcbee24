"""Redis: whether it answers, and whether it will go on taking what is written."""

from menuvo_ops.doctor.finding import Check, Found, doubtful, ill, well
from menuvo_ops.doctor.ground import Ground

_FULL_SHARE = 0.8
_MEBIBYTE = 1024 * 1024


def answers(ground: Ground) -> Found:
    return well(f"It answers; version {_info(ground, 'server').get('redis_version', '?')}.")


def memory(ground: Ground) -> Found:
    info = _info(ground, "memory")
    used, most = int(info["used_memory"]), int(info["maxmemory"])
    if not most:
        return doubtful(
            "It may take all memory: maxmemory is not set.", fix="Set maxmemory, and restart it."
        )
    told = f"{used // _MEBIBYTE} of {most // _MEBIBYTE} MiB are used."
    if used < _FULL_SHARE * most:
        return well(told)
    return ill(
        f"{told} When it is full it refuses writes: boards hear of orders later, and limits fail.",
        fix=f"Nothing in it is unlosable: {ground.words.restart_of('redis')}",
    )


def policy(ground: Ground) -> Found:
    found = _info(ground, "memory").get("maxmemory_policy", "?")
    if found == "noeviction":
        return well("It drops nothing by itself (noeviction).")
    return ill(
        f"Its policy is {found}: when it is full, doorbells vanish without a word.",
        fix="Set maxmemory-policy to noeviction, and restart it.",
    )


def evictions(ground: Ground) -> Found:
    info = _info(ground, "stats")
    evicted, refused = int(info["evicted_keys"]), int(info["rejected_connections"])
    if not evicted and not refused:
        return well("It has dropped no key and refused no connection.")
    return doubtful(
        f"It has dropped {evicted} keys and refused {refused} connections since it started.",
        fix=ground.words.logs_of("redis"),
    )


def saves(ground: Ground) -> Found:
    """One that cannot save refuses writes, by its own default."""
    info = _info(ground, "persistence")
    if info.get("rdb_last_bgsave_status", "ok") == "ok":
        return well("What it saved last was saved.")
    return ill(
        "It could not save, and then it takes no writes.",
        fix=f"Is its disk full? {ground.words.logs_of('redis')}",
    )


def _info(ground: Ground, section: str) -> "dict[str, str]":
    pairs = (line.partition(":") for line in ground.ask_redis(section).splitlines())
    return {name: value.strip() for name, colon, value in pairs if colon}


CHECKS: "dict[str, Check]" = {
    "redis": answers,
    "redis-memory": memory,
    "redis-policy": policy,
    "redis-evictions": evictions,
    "redis-saves": saves,
}
