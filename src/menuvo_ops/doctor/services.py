"""The processes: whether each is there, and what killed it."""

from menuvo_ops.doctor.finding import Check, Found, doubtful, ill, well
from menuvo_ops.doctor.ground import Ground

_MEBIBYTE = 1024 * 1024


def running(ground: Ground) -> Found:
    services = ground.services()
    unwell = [one for one in services if not one.is_well]
    if not services:
        return ill("Nothing runs.", fix=f"{ground.words.menuvo} up")
    if not unwell:
        return well(f"All {len(services)} services are well.")
    first = max(unwell, key=lambda one: one.essential)
    words = ground.last_words(first.name)
    told = ", ".join(f"{one.name} is {one.word}" for one in unwell)
    judge = ill if first.essential else doubtful
    return judge(
        f"{told}. Last words of {first.name}:\n{words}" if words else f"{told}.",
        fix=f"{ground.words.logs_of(first.name)}; then {ground.words.restart_of(first.name)}",
    )


def restarts(ground: Ground) -> Found:
    restless = [one for one in ground.services() if one.restarts]
    if not restless:
        return well("None had to be started again.")
    worst = max(restless, key=lambda one: one.restarts)
    told = ", ".join(f"{one.name} {one.restarts} times" for one in restless)
    words = ground.last_words(worst.name)
    return doubtful(
        f"Started again by itself: {told}. Last words of {worst.name}:\n{words}",
        fix=ground.words.logs_of(worst.name),
    )


def memory_kills(ground: Ground) -> Found:
    killed = [one for one in ground.services() if one.was_killed_for_memory]
    if not killed:
        return well("The kernel killed none for want of memory.")
    told = ", ".join(f"{one.name} (limit {one.limit // _MEBIBYTE} MiB)" for one in killed)
    return ill(
        f"Killed because its memory was not enough: {told}.",
        fix=f"Report it with its log, which says at what it was: "
        f"{ground.words.logs_of(killed[0].name)}",
    )


CHECKS: "dict[str, Check]" = {
    "services": running,
    "services-restarts": restarts,
    "services-memory-kills": memory_kills,
}
