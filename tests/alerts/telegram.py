"""A server that speaks Telegram's API for bots, and refuses what Telegram refuses.

As https://core.telegram.org/bots/api and its server (github.com/tdlib/telegram-bot-api) have it.
"""

import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tests.alerts.listening import Answer, listening

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz_-01234"
CHAT = "-1001234567890"
LONGEST = 4096
_RETRY_SECONDS = 3


@dataclass
class Telegram:
    """`delivered` are the texts as a person reads them; `trouble` are the answers to the next
    messages, whatever they are."""

    port: int = 0
    delivered: list[str] = field(default_factory=list[str])
    refused: list[str] = field(default_factory=list[str])
    trouble: list[int] = field(default_factory=list[int])

    @contextmanager
    def listening(self, host: str = "127.0.0.1") -> Generator["Telegram"]:
        with listening(self._answer, host, self.port) as self.port:
            yield self

    def _answer(self, path: str, body: bytes) -> Answer:
        if self.trouble:
            return _trouble(self.trouble.pop(0))
        try:
            self.delivered.append(read(path, body))
        except Refused as refused:
            self.refused.append(str(refused))
            return _failure(refused.status, str(refused))
        return HTTPStatus.OK, json.dumps({"ok": True, "result": {"message_id": 1}})


class Refused(Exception):
    def __init__(self, description: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(description)
        self.status = status


def read(path: str, body: bytes) -> str:
    """The text that the chat shows. Raises Refused."""
    token, _, method = path.removeprefix("/bot").partition("/")
    if token != TOKEN:
        raise Refused("Unauthorized", HTTPStatus.UNAUTHORIZED)
    if method.lower() != "sendmessage":
        raise Refused("Not Found", HTTPStatus.NOT_FOUND)
    try:
        told: dict[str, Any] = json.loads(body)
    except ValueError as error:
        raise Refused("Bad Request: can't parse JSON object") from error
    if str(told.get("chat_id", "")) != CHAT:
        missing = not told.get("chat_id")
        raise Refused(f"Bad Request: {'chat_id is empty' if missing else 'chat not found'}")
    text = str(told.get("text", "")).strip()
    mode = str(told.get("parse_mode", "")).lower()
    if mode not in {"", "markdown"}:
        raise Refused("Bad Request: unsupported parse_mode")
    shown = without_entities(text) if mode else text
    if not shown.strip():
        raise Refused("Bad Request: message text is empty")
    if len(shown) > LONGEST:
        raise Refused("Bad Request: message is too long")
    return shown


def without_entities(text: str) -> str:
    """Of Telegram's first Markdown: what is opened must be closed, and nothing nests."""
    shown, rest = "", text
    while (found := re.search(r"\\[_*`\[]|```|[_*`\[]", rest)) is not None:
        shown += rest[: found.start()]
        opened, rest = found.group(), rest[found.end() :]
        if opened.startswith("\\"):
            shown += opened[1]
            continue
        inside, closed, rest = rest.partition("]" if opened == "[" else opened)
        if not closed:
            offset = len(text.encode()) - len((opened + inside).encode())
            raise Refused(
                "Bad Request: can't parse entities:"
                f" Can't find end of the entity starting at byte offset {offset}"
            )
        shown += inside
    return shown + rest


def _trouble(status: int) -> Answer:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        told = f"Too Many Requests: retry after {_RETRY_SECONDS}"
        return _failure(status, told, parameters={"retry_after": _RETRY_SECONDS})
    return _failure(status, HTTPStatus(status).phrase)


def _failure(status: int, description: str, **more: object) -> Answer:
    told = {"ok": False, "error_code": int(status), "description": description, **more}
    return HTTPStatus(status), json.dumps(told)
