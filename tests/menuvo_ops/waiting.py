import time
from collections.abc import Callable


def eventually(condition: Callable[[], object], *, within: float = 10) -> None:
    """Fail unless `condition` becomes true within so many seconds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"still not true after {within} s"
        time.sleep(0.02)
