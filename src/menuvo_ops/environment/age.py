"""Pairs of keys for age: an identity, and the recipient that is made of it.

Only what a pair takes: X25519 (RFC 7748) in Bech32 (BIP 173), as age's specification has them.
Sealing is left to age. How long Python's numbers take depends on them, which matters where
strangers can measure it, and not for a pair that is made once or compared.
"""

import secrets
from collections.abc import Iterable, Sequence

_RECIPIENT, _IDENTITY = "age", "age-secret-key-"
_KEY_BYTES = 32

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LETTERS = 6
_WRITTEN_LETTERS = 58

_PRIME = 2**255 - 19
_A24 = 121_665
_BASE = 9


def new_identity() -> str:
    return _bech32(_IDENTITY, secrets.token_bytes(_KEY_BYTES)).upper()


def recipient_of(identity: str) -> "str | None":
    """None when it is no identity, or a misspelt one."""
    key = _from_bech32(_IDENTITY, identity.lower()) if identity == identity.upper() else None
    return None if key is None else _bech32(_RECIPIENT, _x25519(key))


def is_recipient(text: str) -> bool:
    return _from_bech32(_RECIPIENT, text) is not None


def _x25519(secret: bytes) -> bytes:
    """The ladder of RFC 7748, section 5, for the base point."""
    clamped = bytearray(secret)
    clamped[0] &= 248
    clamped[31] = clamped[31] & 127 | 64
    scalar = int.from_bytes(clamped, "little")
    x2, z2, x3, z3, swapped = 1, 0, _BASE, 1, 0
    for position in reversed(range(255)):
        bit = scalar >> position & 1
        if swapped ^ bit:
            x2, z2, x3, z3 = x3, z3, x2, z2
        swapped = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb = d * a % _PRIME, c * b % _PRIME
        aa, bb = a * a % _PRIME, b * b % _PRIME
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % _PRIME, _BASE * (da - cb) ** 2 % _PRIME
        x2, z2 = aa * bb % _PRIME, e * (aa + _A24 * e) % _PRIME
    if swapped:
        x2, z2 = x3, z3
    return (x2 * pow(z2, -1, _PRIME) % _PRIME).to_bytes(_KEY_BYTES, "little")


def _bech32(prefix: str, key: bytes) -> str:
    data = list(_regrouped(key, 8, 5))
    sum_ = _checksum([*_expanded(prefix), *data, *[0] * _CHECKSUM_LETTERS]) ^ 1
    data += [sum_ >> 5 * (_CHECKSUM_LETTERS - 1 - place) & 31 for place in range(_CHECKSUM_LETTERS)]
    return f"{prefix}1{''.join(_LETTERS[value] for value in data)}"


def _from_bech32(prefix: str, text: str) -> "bytes | None":
    start, _, written = text.rpartition("1")
    if start != prefix or len(written) != _WRITTEN_LETTERS or not set(written) <= set(_LETTERS):
        return None
    data = [_LETTERS.index(letter) for letter in written]
    if _checksum([*_expanded(prefix), *data]) != 1:
        return None
    # What is left over is what filled up the last letter.
    return bytes(_regrouped(data[:-_CHECKSUM_LETTERS], 5, 8))[:_KEY_BYTES]


def _expanded(prefix: str) -> "list[int]":
    return [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]


def _checksum(values: Sequence[int]) -> int:
    sum_ = 1
    for value in values:
        top = sum_ >> 25
        sum_ = (sum_ & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            sum_ ^= generator if top >> place & 1 else 0
    return sum_


def _regrouped(values: Iterable[int], has: int, wanted: int) -> "Iterable[int]":
    """The same bits in groups of another size; the last is filled up with zeros."""
    bits, number = 0, 0
    for value in values:
        number, bits = number << has | value, bits + has
        while bits >= wanted:
            bits -= wanted
            yield number >> bits & (1 << wanted) - 1
    if bits:
        yield number << wanted - bits & (1 << wanted) - 1
