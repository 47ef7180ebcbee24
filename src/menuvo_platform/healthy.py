"""`menuvo-platform healthy`: for the health check of a container, every few seconds.

It reads no settings and loads nothing of the application: the check must cost nearly nothing.
"""

import http.client
import os
from pathlib import Path

from menuvo_platform.jobs.heartbeat import find_trouble

PATIENCE_SECONDS = 3.0


def instance_trouble(port: int) -> str | None:
    """Why this instance would be given no requests, or None: the proxy asks the same."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/ready")
        answer = connection.getresponse()
        said = answer.read(200).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"it does not answer ({error})"
    finally:
        connection.close()
    return None if answer.status == http.client.OK else f"it says {said}"


def worker_trouble() -> str | None:
    """Why this worker does not do its work, or None."""
    file = os.environ.get("HEARTBEAT_FILE")
    if not file:
        return "HEARTBEAT_FILE is not set, so it shows no sign of life"
    return find_trouble(Path(file))
