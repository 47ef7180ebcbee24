"""The operator's channels hear how a rollout ended; nothing depends on whether they do."""

import json
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.local.ports import free_port
from menuvo_ops.rollout.notifying import message_of, notify
from menuvo_ops.rollout.telling import Ended

ENDED = Ended("rolled_back", 3, "Rolled back: platform-a is worse.", "hint")
TOKEN = "123456789:AA-the-password-of-a-bot"


@dataclass
class Channel:
    """Where messages are posted to, and what it answers."""

    url: str
    status: int = 200
    posted: list[tuple[str, dict[str, str]]] = field(
        default_factory=list[tuple[str, dict[str, str]]]
    )


@contextmanager
def listening(status: int = 200) -> Generator[Channel]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            channel.posted.append((self.path, json.loads(self.rfile.read(length))))
            self.send_response(channel.status)
            self.end_headers()

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002, its name there
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        channel = Channel(f"http://127.0.0.1:{server.server_port}", status)
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield channel
        server.shutdown()


def values(**given: str) -> dict[str, Redacted]:
    return {name: Redacted(value) for name, value in {"DOMAIN": "menuvo.app", **given}.items()}


def test_every_channel_is_told_what_happened_and_what_to_do() -> None:
    with listening() as telegram, listening() as webhook:
        given = values(
            GATUS_TELEGRAM_TOKEN=TOKEN,
            GATUS_TELEGRAM_CHAT_ID="-100",
            ALERT_WEBHOOK_URL=f"{webhook.url}/hook",
        )
        assert list(notify(given, ENDED, telegram=telegram.url)) == []
    [(path, said)] = telegram.posted
    assert path == f"/bot{TOKEN}/sendMessage"
    assert said["chat_id"] == "-100"
    assert said["text"] == (
        "❌ menuvo.app: Rolled back: platform-a is worse.\n"
        "Look: menuvo deploy status, menuvo releases"
    )
    assert webhook.posted == [("/hook", {"text": said["text"]})]


@pytest.mark.parametrize(
    "given", [{}, {"GATUS_TELEGRAM_TOKEN": TOKEN}, {"GATUS_TELEGRAM_CHAT_ID": "-100"}]
)
def test_who_named_no_channel_is_not_bothered(given: dict[str, str]) -> None:
    with listening() as telegram:
        assert list(notify(values(**given), ENDED, telegram=telegram.url)) == []
    assert telegram.posted == []


def test_a_channel_that_refuses_keeps_no_other_from_hearing_it() -> None:
    with listening(status=429) as telegram, listening() as webhook:
        given = values(
            GATUS_TELEGRAM_TOKEN=TOKEN,
            GATUS_TELEGRAM_CHAT_ID="-100",
            ALERT_WEBHOOK_URL=webhook.url,
        )
        complaints = list(notify(given, ENDED, telegram=telegram.url))
    assert complaints == ["Telegram was not told: HTTPError."]
    assert len(webhook.posted) == 1


@pytest.mark.parametrize(
    "url",
    [f"http://127.0.0.1:{free_port()}/{TOKEN}", f"nonsense/{TOKEN}"],
    ids=["nobody listens", "no address"],
)
def test_a_channel_that_is_not_there_is_told_without_its_address(url: str) -> None:
    [complaint] = notify(values(ALERT_WEBHOOK_URL=url), ENDED)
    assert complaint.startswith("The webhook was not told: ")
    assert TOKEN not in complaint


def test_a_channel_that_speaks_something_else_ends_no_deploy() -> None:
    def answer(listener: socket.socket) -> None:
        asking, _ = listener.accept()
        with asking:
            asking.sendall(b"SSH-2.0-OpenSSH\r\n")
            # What is left unread would reset the connection.
            while asking.recv(65536):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=answer, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/{TOKEN}"
        complaints = list(notify(values(ALERT_WEBHOOK_URL=url), ENDED))
    assert complaints == ["The webhook was not told: BadStatusLine."]


@pytest.mark.parametrize(
    ("code", "sign", "todo"),
    [
        (0, "✅", ""),
        (1, "❌", "status"),
        (3, "❌", "releases"),
        (5, "⚠", "logs"),
        (6, "❌", "then menuvo rollback"),
    ],
)
def test_the_first_sign_says_how_bad_it_is(code: int, sign: str, todo: str) -> None:
    told = message_of("menuvo.app", Ended("any", code, "It ended."))
    assert told.startswith(sign)
    assert todo in told
    assert len(told.splitlines()) == (1 if code == 0 else 2)
