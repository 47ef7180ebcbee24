"""Looks into a private key in OpenSSH's format, which carries its public half in clear."""

import base64
import binascii
import struct

_MAGIC = b"openssh-key-v1\0"


def public_half(private: str) -> str | None:
    """Return `ssh-ed25519 AAAA...`; None when this is no such key, or one with a passphrase."""
    lines = private.strip().splitlines()
    try:
        content = base64.b64decode("".join(lines[1:-1]), validate=True)
        if not content.startswith(_MAGIC):
            return None
        cipher, rest = _text(content[len(_MAGIC) :])
        _function, rest = _text(rest)
        _options, rest = _text(rest)
        blob, _rest = _text(rest[4:])
        kind, _rest = _text(blob)
        return None if cipher != b"none" else f"{kind.decode()} {base64.b64encode(blob).decode()}"
    except (binascii.Error, struct.error, UnicodeDecodeError):
        return None


def same_key(one: str, other: str) -> bool:
    """Compare two public keys without their comments."""
    return one.split()[:2] == other.split()[:2]


def _text(content: bytes) -> tuple[bytes, bytes]:
    """Split off a string that is led by its length."""
    (length,) = struct.unpack_from(">I", content)
    return content[4 : 4 + length], content[4 + length :]
