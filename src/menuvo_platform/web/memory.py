"""Keeps the C allocator from keeping what Python gave back.

glibc opens an arena for every thread that allocates and returns little of it. An instance renders
pages and hashes passwords in threads, so after an hour it would hold 20 MB that nobody uses.
"""

import ctypes

# <malloc.h>
M_TRIM_THRESHOLD = -1
M_ARENA_MAX = -8
TRIM_BYTES = 128 * 1024


def tame_allocator() -> None:
    """To be called before any thread starts. Does nothing where the C library is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_TRIM_THRESHOLD, TRIM_BYTES)
