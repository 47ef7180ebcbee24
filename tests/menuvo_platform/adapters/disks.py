"""A disk that takes no more, as the kernel says it."""

import resource
from collections.abc import Generator
from contextlib import contextmanager

LARGEST_BYTES = 100_000


@contextmanager
def small_files_only() -> Generator[None]:
    """In this process a write beyond the limit fails in its midst, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
