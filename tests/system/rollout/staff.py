"""Somebody of the staff at work through the edge, with a page of before and with new ones."""

import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.system.production.stack import DOMAIN, Production

_BOARD = re.compile(r'href="([^"]*/board)"')
_FORM = re.compile(r'action="([^"]*/sold-out/[0-9a-f-]{36})"')
_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
_PAUSE = 0.2
_SECONDS = 20


@dataclass
class Staff:
    """Puts a dish back on the menu that is on it: a form that changes nothing, but is refused
    without the token of its login."""

    client: httpx.Client
    page: str = ""
    action: str = ""
    # Of the page that was opened first, and is never loaded again.
    token: str = ""
    sent: int = 0
    refused: list[str] = field(default_factory=list[str])

    def sign_in(self, email: str, password: str) -> None:
        form = {"email": email, "password": password, "next": ""}
        self.client.post("/console/login", data=form).raise_for_status()
        home = self.client.get("/console")
        board = _BOARD.search(home.text)
        self.page = f"{board[1] if board else home.url.path}/sold-out"
        self.token, self.action = self.look()

    def look(self) -> tuple[str, str]:
        """A page as it is given out now: its token, and where its form goes."""
        html = self.client.get(self.page).raise_for_status().text
        token, action = _TOKEN.search(html), _FORM.search(html)
        assert token, html
        assert action, html
        return token[1], action[1]

    def work(self, end: threading.Event) -> None:
        while not end.wait(_PAUSE):
            for token in (self.token, self.look()[0]):
                self.send(token)

    def send(self, token: str) -> bool:
        form = {"csrf": token, "until": "back"}
        answer = self.client.post(self.action, data=form, follow_redirects=False)
        self.sent += 1
        was_taken = answer.status_code == 303
        if not was_taken:
            self.refused.append(f"{self.sent}: {answer.status_code}")
        return was_taken


@contextmanager
def staff_of(production: Production) -> Generator[Staff]:
    """Signed in once, at the beginning."""
    [login] = [one for one in production.demo["logins"] if one["role"] == "kitchen"]
    with httpx.Client(
        base_url=production.base_url,
        verify=production.authority,
        headers={"Host": DOMAIN, "Accept": "text/html"},
        timeout=_SECONDS,
        follow_redirects=True,
        event_hooks={"request": [_name_the_shop]},
    ) as client:
        staff = Staff(client)
        staff.sign_in(login["email"], login["password"])
        yield staff


@contextmanager
def at_work(staff: Staff) -> Generator[Staff]:
    end = threading.Event()
    thread = threading.Thread(target=staff.work, args=(end,), daemon=True)
    thread.start()
    try:
        yield staff
    finally:
        end.set()
        thread.join(2 * _SECONDS)


def _name_the_shop(request: httpx.Request) -> None:
    request.extensions["sni_hostname"] = DOMAIN
