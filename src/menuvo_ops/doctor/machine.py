"""The machine under it: disk, memory, clock."""

import ctypes
import shutil
from pathlib import Path
from typing import cast

from menuvo_ops.doctor.finding import Check, Found, doubtful, ill, not_looked, well
from menuvo_ops.doctor.ground import Ground
from menuvo_ops.rollout.preflight.machine import disk_is_full, find_available_memory

_GB = 1_000_000_000
_MEBIBYTE = 1024 * 1024
_FILLING_SHARE = 0.15
# A canary, a migration or a trial takes 512.
_LITTLE_MEMORY = 640 * _MEBIBYTE
_OVERCOMMIT = Path("/proc/sys/vm/overcommit_memory")
_PRESSURE = Path("/proc/pressure/memory")
# adjtimex(2): the state of a clock that nobody sets.
_CLOCK_UNSYNCHRONISED = 5
_TIMEX_BYTES = 512


def disk(ground: Ground) -> Found:
    worst = min(ground.folders, key=lambda folder: shutil.disk_usage(folder).free)
    usage = shutil.disk_usage(worst)
    told = f"{usage.free / _GB:.1f} GB ({usage.free / usage.total:.0%}) of the disk are free."
    if disk_is_full(usage.total, usage.free):
        return ill(told, fix=f"See disk-consumers; {ground.words.clean_up}")
    if usage.free < _FILLING_SHARE * usage.total:
        return doubtful(told, fix=f"See disk-consumers; {ground.words.clean_up}")
    return well(told)


def consumers(ground: Ground) -> Found:
    sizes = sorted(ground.disk_consumers().items(), key=lambda pair: pair[1], reverse=True)
    told = ", ".join(f"{name} {size / _GB:.1f} GB" for name, size in sizes)
    return well(f"{told}.")


def memory(ground: Ground) -> Found:
    available = find_available_memory()
    if available is None:
        return not_looked("This kernel does not say what is available.")
    told = f"{available // _MEBIBYTE} MiB of memory are available."
    if available >= _LITTLE_MEMORY:
        return well(told)
    heaviest = max(ground.services(), key=lambda one: one.limit, default=None)
    who = f" {heaviest.name} may have most." if heaviest and heaviest.limit else ""
    return ill(
        f"{told} A deploy or a trial of a backup needs {_LITTLE_MEMORY // _MEBIBYTE}.{who}",
        fix=ground.words.memory,
    )


def overcommit(_ground: Ground) -> Found:
    if not _OVERCOMMIT.exists():
        return not_looked("This kernel has no such setting.")
    if _OVERCOMMIT.read_text().strip() == "1":
        return well("Redis can fork to save, however much it holds.")
    return doubtful(
        "vm.overcommit_memory is not 1: Redis may fail to save when memory is short.",
        fix="echo 'vm.overcommit_memory = 1' | sudo tee /etc/sysctl.d/90-menuvo.conf"
        " && sudo sysctl --system",
    )


def pressure(ground: Ground) -> Found:
    """The share of the last five minutes in which something waited for memory."""
    try:
        first = _PRESSURE.read_text().splitlines()[0]
    except (OSError, IndexError):
        return not_looked("This kernel does not say who waits for memory.")
    share = float(dict(pair.split("=") for pair in first.split()[1:])["avg300"])
    told = f"In the last five minutes, {share:.0f} % of the time something waited for memory."
    return well(told) if share < 10 else doubtful(told, fix=ground.words.memory)


def clock(_ground: Ground) -> Found:
    """Logins, leases and certificates all go by it."""
    try:
        buffer = ctypes.create_string_buffer(_TIMEX_BYTES)
        state = cast("int", ctypes.CDLL(None).adjtimex(buffer))
    except (AttributeError, OSError):
        return not_looked("This system does not say whether its clock is set.")
    if state < 0:
        return not_looked("The kernel does not say whether its clock is set.")
    if state == _CLOCK_UNSYNCHRONISED:
        return doubtful(
            "Nobody sets the clock of this machine by others.",
            fix="sudo apt install systemd-timesyncd && timedatectl set-ntp true",
        )
    return well("The clock is set by others.")


CHECKS: "dict[str, Check]" = {
    "disk": disk,
    "disk-consumers": consumers,
    "memory": memory,
    "memory-pressure": pressure,
    "memory-overcommit": overcommit,
    "clock": clock,
}
