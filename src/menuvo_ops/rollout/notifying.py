"""Tells the operator's channels how a rollout ended. Nothing depends on whether they hear it."""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from http.client import HTTPException

from menuvo_ops.environment.values import Values, text
from menuvo_ops.rollout.telling import Ended

_SECONDS = 10
_TELEGRAM = "https://api.telegram.org"


def notify(values: Values, ended: Ended, *, telegram: str = _TELEGRAM) -> Iterator[str]:
    """Yields a sentence for each channel that could not be reached."""
    message = message_of(text(values, "DOMAIN"), ended)
    for channel, url, body in _channels(values, message, telegram):
        try:
            _post(url, body)
        except (OSError, ValueError, HTTPException) as error:
            # The address of a bot is its password: only the kind of error is told.
            yield f"{channel} was not told: {type(error).__name__}."


def message_of(domain: str, ended: Ended) -> str:
    sign = "✅" if ended.exit_code == 0 else "⚠️" if ended.exit_code == 5 else "❌"
    first = f"{sign} {domain}: {ended.sentence}"
    todo = {
        1: "Look: menuvo deploy status",
        3: "Look: menuvo deploy status, menuvo releases",
        5: "Look: docker compose logs --tail 100 caddy",
        6: "Now: menuvo deploy status, then menuvo rollback",
    }
    return "\n".join(filter(None, (first, todo.get(ended.exit_code, ""))))


def _channels(
    values: Values, message: str, telegram: str
) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    token, chat = (text(values, f"GATUS_TELEGRAM_{name}") for name in ("TOKEN", "CHAT_ID"))
    if token and chat:
        body = {"chat_id": chat, "text": message}
        yield "Telegram", f"{telegram}/bot{token}/sendMessage", body
    webhook = text(values, "ALERT_WEBHOOK_URL")
    if webhook:
        yield "The webhook", webhook, {"text": message}


def _post(url: str, body: Mapping[str, str]) -> None:
    request = urllib.request.Request(  # noqa: S310, the operator chose the address
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310
        pass
