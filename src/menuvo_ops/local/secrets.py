"""Secrets made once and remembered in files that only their owner reads."""

import os
import secrets
from pathlib import Path


def remembered_secret(file: Path) -> str:
    """Return what `file` holds, made on the first call: 43 characters fit for a URL."""
    if file.exists():
        return file.read_text()
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        target.write(secrets.token_urlsafe(32))
    partial.rename(file)
    return file.read_text()
