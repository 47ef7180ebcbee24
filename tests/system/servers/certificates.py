"""A certificate that this server alone trusts."""

from pathlib import Path

from menuvo_ops.runner import run


def make_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """What to trust, and what to serve with (with its key)."""
    trusted, key = folder / "trusted.crt", folder / "key.pem"
    argv = [
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-nodes", "-days", "2", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"),
        *("-keyout", str(key), "-out", str(trusted)),
    ]
    run(argv, what="Making a certificate")
    served = folder / "served.pem"
    served.write_text(key.read_text() + trusted.read_text())
    return trusted, served
