"""`menuvo-platform healthy`: for the health check of a container, every few seconds.

It reads no settings and loads nothing of the application: the check must cost nearly nothing.
"""

import os
from http import HTTPStatus
from pathlib import Path

from menuvo_platform.asking import NoAnswer, ask
from menuvo_platform.jobs.heartbeat import find_trouble


def instance_trouble(port: int) -> str | None:
    """Why this instance would be given no requests, or None: the proxy asks the same."""
    try:
        answer = ask(port, "/ready")
    except NoAnswer as error:
        return str(error)
    return (
        None if answer.status == HTTPStatus.OK else f"it says {answer.text[:200] or answer.status}"
    )


def worker_trouble() -> str | None:
    """Why this worker does not do its work, or None."""
    file = os.environ.get("HEARTBEAT_FILE")
    if not file:
        return "HEARTBEAT_FILE is not set, so it shows no sign of life"
    return find_trouble(Path(file))
