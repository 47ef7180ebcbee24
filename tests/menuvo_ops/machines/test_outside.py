"""Knocking, at this machine."""

import re
import socket

import pytest
from tests.conftest import CHECKOUT

from menuvo_ops.machines import outside
from menuvo_ops.machines.outside import answers_at, knock


def test_a_port_answers_or_does_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert answers_at("127.0.0.1", port)
    assert not answers_at("127.0.0.1", port)
    assert not answers_at("nowhere.invalid", port)


def test_what_answers_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        monkeypatch.setattr(outside, "INSIDE", {port: "Redis"})
        (found,) = knock("127.0.0.1")
    assert (found.name, found.status) == ("outside", "fail")
    assert found.found == f"Port {port} (Redis) answers from outside."
    assert f"sport = :{port}" in found.fix
    (quiet,) = knock("127.0.0.1")
    assert quiet.status == "ok"


@pytest.mark.parametrize("file", ["infra/gatus/gatus.yaml", "docs/reference/metrics.md"])
def test_whatever_listens_inside_is_knocked_at(file: str) -> None:
    named = re.findall(r"[a-z]:(\d{4})\b", (CHECKOUT / file).read_text())
    assert named
    assert set(map(int, named)) <= outside.INSIDE.keys()
