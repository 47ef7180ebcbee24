"""Primary keys and tokens. Keys are never shown to guests; tokens are made to be."""

import hashlib
import secrets
import string
import time
import uuid

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
TOKEN_LENGTH = 22  # 62 ** 22 > 2 ** 128
HANDLE_LENGTH = 8
LONGEST_NAME = 100


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): milliseconds first, so that keys arrive in the order of their index."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def new_token() -> str:
    """128 random bits: enough to be an address that nobody guesses."""
    return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))


def new_handle() -> str:
    """A short public name of a row, unique within its store; it grants nothing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(HANDLE_LENGTH))


def is_name(text: str) -> bool:
    """Whether it could be a token, a handle or a slug. What could not needs no look-up, and a NUL
    within it would be an error of the database."""
    return len(text) <= LONGEST_NAME and text.isascii() and text.replace("-", "").isalnum()


def token_digest(token: str) -> bytes:
    """What is stored of a token that is shown only once (logins, resets, invitations)."""
    return hashlib.sha256(token.encode()).digest()
