import pytest

from menuvo_ops.local.events import Changed, Event, Failed, Note, Ready, Working, decode, encode
from menuvo_ops.local.services import State


@pytest.mark.parametrize(
    "event",
    [
        Note("Downloading"),
        Working("Building gatus: 210 of 830 packages"),
        Changed("caddy", State.RESTARTING, "exit code 1, again in 0.4 s"),
        Ready(),
        Failed("migrate did not start.", "last lines\nof its log", 4),
    ],
)
def test_what_is_told_is_what_is_heard(event: Event) -> None:
    line = encode(event)
    assert line.count("\n") == 1
    assert decode(line) == event


def test_a_failure_keeps_its_exit_code() -> None:
    assert Failed("held", exit_code=4).as_error().exit_code == 4
