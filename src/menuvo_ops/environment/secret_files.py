"""The folder `secrets/`: what containers read instead of their environment, made of `.env`.

The folder lets only its owner in. The files inside are readable, because a container's user is
another one than the host's, and a bind mount skips the folder above.
"""

from collections.abc import Iterator
from pathlib import Path

from menuvo_ops.environment import addresses
from menuvo_ops.environment.alerting import alerting
from menuvo_ops.environment.deadman import deadman
from menuvo_ops.environment.deployment import Deployment
from menuvo_ops.environment.heartbeats import heartbeats
from menuvo_ops.environment.reading import is_readable
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.values import Values, text
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.environment.writing import provide_folder, write_if_changed

_FILE_MODE = 0o444
_FOLDER_MODE = 0o700
# A container that mounts a folder of it must be able to enter.
_INNER_FOLDER_MODE = 0o755
_ORIGIN_FILES = {"origin.pem": "ORIGIN_CERTIFICATE_FILE", "origin.key": "ORIGIN_KEY_FILE"}


def contents(values: Values) -> dict[str, Redacted]:
    """Every file by its path in `secrets/`; one that is not set is empty, because a compose
    secret's file must exist."""
    return {
        **{v.file: Redacted(text(values, v.name)) for v in VARIABLES.values() if v.file},
        # OpenSSH does not read a key whose last line has no end.
        "beszel_hub_key": Redacted(_ended(text(values, "BESZEL_HUB_KEY"))),
        "auth_secret_also": Redacted(_believed(values)),
        "database_url": addresses.database_url(values),
        "database_owner_url": addresses.database_owner_url(values),
        "redis_url": addresses.redis_url(values),
        "redis_auth.conf": addresses.redis_authentication(values),
        "gatus/alerting.yaml": Redacted(alerting(values)),
        "gatus/deadman.yaml": Redacted(deadman(values)),
        "gatus/heartbeats.yaml": Redacted(heartbeats(values)),
    }


def materialise(deployment: Deployment, values: Values) -> list[str]:
    """Return the files whose content was another one before; others are not touched."""
    provide_folder(deployment.secrets, mode=_FOLDER_MODE)
    for inner in ("gatus", "tls"):
        provide_folder(deployment.secrets / inner, mode=_INNER_FOLDER_MODE)
    changed = [
        name
        for name, content in contents(values).items()
        if _write(deployment, name, content.reveal().encode())
    ]
    return [*changed, *_origin_files(deployment, values)]


def _origin_files(deployment: Deployment, values: Values) -> Iterator[str]:
    """A key that no mode needs does not stay behind."""
    for name, variable in _ORIGIN_FILES.items():
        source = text(values, variable)
        if text(values, "TLS_MODE") != "origin":
            (deployment.tls / name).unlink(missing_ok=True)
        elif is_readable(source) and _write(deployment, f"tls/{name}", Path(source).read_bytes()):
            yield f"tls/{name}"


def _believed(values: Values) -> str:
    """The secrets that may have signed what an instance is shown, beside its own; a line each."""
    both = (text(values, f"AUTH_SECRET_{name}") for name in ("NEXT", "PREVIOUS"))
    return "".join(f"{secret}\n" for secret in both if secret)


def _ended(key: str) -> str:
    return f"{key.rstrip()}\n" if key else ""


def _write(deployment: Deployment, name: str, content: bytes) -> bool:
    return write_if_changed(deployment.secrets / name, content, mode=_FILE_MODE)
