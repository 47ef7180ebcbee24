"""It wants more than any of its containers may have."""

from tests.system.rollout.faults.hooks import is_serving

BYTES = 2 * 1024**3

if is_serving():
    # Written, not only reserved: the kernel counts what is touched.
    held = b"x" * BYTES
