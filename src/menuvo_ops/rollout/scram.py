"""What PostgreSQL keeps of a password (RFC 5803): it proves one and cannot be turned back into it.

A password in a statement would stand in the server's log when the statement is slow, and in
pg_stat_statements.
"""

import base64
import hashlib
import hmac
import secrets
import stringprep
import unicodedata

# As PostgreSQL makes them itself.
_ROUNDS = 4096
_SALT_BYTES = 16


def verifier(password: str, salt: bytes | None = None) -> str:
    """For `ALTER ROLE ... PASSWORD`; it has no sign that would have to be quoted."""
    salt = secrets.token_bytes(_SALT_BYTES) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", _prepared(password).encode(), salt, _ROUNDS)
    client = hmac.digest(salted, b"Client Key", "sha256")
    stored = hashlib.sha256(client).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${_ROUNDS}:{_base64(salt)}${_base64(stored)}:{_base64(server)}"


def _prepared(password: str) -> str:
    """As servers and clients prepare it (SASLprep), so that a sign counts however it was typed.
    They take one that has forbidden signs as it is."""
    spaced = (" " if stringprep.in_table_c12(sign) else sign for sign in password)
    kept = "".join(sign for sign in spaced if not stringprep.in_table_b1(sign))
    normal = unicodedata.normalize("NFKC", kept)
    return password if not normal or _is_forbidden(normal) else normal


def _is_forbidden(normal: str) -> bool:
    return any(in_table(sign) for sign in normal for in_table in _FORBIDDEN) or _is_mixed(normal)


def _is_mixed(normal: str) -> bool:
    """Words that run from right to left beside others, or that do not begin and end so."""
    to_the_left = [stringprep.in_table_d1(sign) for sign in normal]
    if not any(to_the_left):
        return False
    ends = to_the_left[0] and to_the_left[-1]
    return not ends or any(stringprep.in_table_d2(sign) for sign in normal)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


_FORBIDDEN = (
    stringprep.in_table_a1,
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)
