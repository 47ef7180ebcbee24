"""Public keys from files, as somebody names them."""

from pathlib import Path

from menuvo_ops.errors import Usage

_KINDS = ("ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-")


def keys_in(text: str) -> list[str]:
    """Those without options in front: a key with options may be allowed less than a login."""
    return [line.strip() for line in text.splitlines() if line.startswith(_KINDS)]


def read_keys(file: Path) -> list[str]:
    """Raises Usage when the file holds no public key."""
    try:
        keys = keys_in(file.read_text())
    except (OSError, UnicodeDecodeError):
        keys = []
    if not keys:
        raise Usage(
            f"--key: {file} is no public key.",
            hint="Name the file that ends in .pub, such as ~/.ssh/id_ed25519.pub; without one,"
            " make a key: ssh-keygen -t ed25519",
        )
    return keys
