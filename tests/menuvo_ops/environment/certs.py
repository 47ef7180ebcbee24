"""Certificates for tests."""

import subprocess
from pathlib import Path


def make_certificate(folder: Path, *names: str, days: int = 1) -> tuple[Path, Path]:
    """Return certificate and key."""
    certificate, own = folder / "origin.pem", folder / "origin.key"
    argv = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    argv += ["-nodes", "-subj", "/CN=menuvo", "-days", str(days), "-out", str(certificate)]
    argv += [
        "-keyout",
        str(own),
        "-addext",
        f"subjectAltName={','.join(f'DNS:{n}' for n in names)}",
    ]
    subprocess.run(argv, check=True, capture_output=True)
    return certificate, own


def make_expired(folder: Path, *names: str) -> tuple[Path, Path]:
    """One whose time was over yesterday."""
    certificate, own = make_certificate(folder, *names)
    argv = ["openssl", "x509", "-in", str(certificate), "-signkey", str(own), "-days", "-1"]
    expired = folder / "expired.pem"
    subprocess.run([*argv, "-out", str(expired)], check=True, capture_output=True)
    return expired, own
