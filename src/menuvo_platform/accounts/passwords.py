"""Passwords as argon2id, computed off the event loop.

One computation takes 19 MiB (the least that OWASP recommends) and some 30 ms. Two threads of their
own do all of them, so that a flood of logins waits in line instead of taking the machine.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

THREADS = 2

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether it is the password. No hash, because there is no such user, takes just as long."""
    return await asyncio.get_running_loop().run_in_executor(
        _threads, _verify, password_hash, password
    )


def needs_rehash(password_hash: str) -> bool:
    """True for a hash made with other parameters than ours are by now."""
    return _hasher.check_needs_rehash(password_hash)


def _verify(password_hash: str | None, password: str) -> bool:
    if password_hash is None:
        _hasher.hash(password)
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
