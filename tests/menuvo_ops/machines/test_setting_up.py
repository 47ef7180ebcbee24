"""What a server is asked for, one after the other, and where it ends."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from menuvo_ops.machines import setting_up
from menuvo_ops.machines.findings import Finding
from menuvo_ops.machines.items import OPEN, SHUT
from menuvo_ops.machines.login import Login
from menuvo_ops.machines.setting_up import Wish, set_up


@dataclass
class Server:
    """One that comes in as everybody, and cannot mend `broken`."""

    broken: str = ""
    asked: list[str] = field(default_factory=list[str])
    address: str = "root@example.org"

    def as_deploy(self) -> "Server":
        return self

    @contextmanager
    def opened(self) -> "Generator[Server]":
        yield self

    def execute(self, _argv: Sequence[str], *, what: str) -> str:
        return f"{what}: done"

    def follow(self, _argv: Sequence[str], text: str, *, what: str) -> Iterator[str]:
        assert what == "Asking the server"
        verb, *items = text.splitlines()[-1].removesuffix(" </dev/null").split()[1:]
        self.asked.append(verb)
        for item in items:
            status = "fail" if item == self.broken or verb == "check" else "ok"
            yield f"menuvo:{item}\t{status}\tso it is"
        yield "menuvo:end"

    def address_of_host(self) -> str:
        return "example.org"


@pytest.fixture(autouse=True)
def nobody_knocks(monkeypatch: pytest.MonkeyPatch) -> None:
    def knock(_host: str) -> list[Finding]:
        return []

    monkeypatch.setattr(setting_up, "knock", knock)


def mended(server: Server) -> list[str]:
    return [one.name for one in set_up(cast("Login", server), Wish(keys=[])) if one.status == "ok"]


def test_everything_is_mended_and_the_shut_doors_are_confirmed() -> None:
    server = Server()
    assert len(mended(server)) > len(OPEN) + len(SHUT)
    assert server.asked == ["mend", "check", "shut", "confirm", "mend"]


@pytest.mark.parametrize(
    ("broken", "asked"),
    [("docker", ["mend"]), ("sshd", ["mend", "check", "shut", "confirm", "mend"])],
    ids=["before the doors", "at the doors"],
)
def test_it_ends_at_what_everything_else_is_made_with(broken: str, asked: list[str]) -> None:
    server = Server(broken)
    mended(server)
    assert server.asked == asked
