"""Secrets made once, by the machine and not by a person."""

import secrets
import string
import tempfile
from pathlib import Path

from menuvo_ops.environment.values import Values, text
from menuvo_ops.runner import run

# No sign that a URL, a shell or a configuration file would have to escape.
_ALPHABET = string.ascii_letters + string.digits
# 238 bits.
_LENGTH = 40


def password(_values: Values) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def dashboard_user(values: Values) -> str:
    """The operator's own address where it is known."""
    domain = text(values, "DOMAIN")
    return text(values, "ACME_EMAIL") or (f"admin@{domain}" if domain else "")


def key_pair() -> tuple[str, str]:
    """Return an Ed25519 pair: the private half in OpenSSH's format, and `ssh-ed25519 AAAA...`."""
    with tempfile.TemporaryDirectory(prefix="menuvo-") as folder:
        private = Path(folder) / "key"
        argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(private)]
        run(argv, what="Making the key pair of the monitoring")
        public = private.with_suffix(".pub").read_text()
        return private.read_text(), " ".join(public.split()[:2])
