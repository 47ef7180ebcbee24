"""Asking the instance in this container, from beside it: with nothing loaded, it costs nothing."""

import http.client
from dataclasses import dataclass

from menuvo_platform.errors import MenuvoError

PATIENCE_SECONDS = 3.0


class NoAnswer(MenuvoError):
    """Nobody listens, or it takes too long."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str


def ask(port: int, path: str) -> Answer:
    """Raises NoAnswer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode(errors="replace"))
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(f"it does not answer ({error})") from None
    finally:
        connection.close()
