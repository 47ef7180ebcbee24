"""What is told of a container that is not as it should be."""

import json
from typing import Any

from menuvo_ops.rollout.containers import Container, parse


def inspected(**state: Any) -> Container:
    return parse(json.dumps([described("1", "canary", **state)]))["canary"]


def described(container: str, service: str, **state: Any) -> dict[str, Any]:
    """As Docker inspects it."""
    return {
        "Id": container,
        "Created": "2026-11-28T06:00:00.123456789Z",
        "Image": "sha256:2",
        "RestartCount": 0,
        "State": state,
        "Config": {"Labels": {"com.docker.compose.service": service}},
        "HostConfig": {"Memory": 0},
        "NetworkSettings": {"Ports": {}},
    }


def test_what_is_not_healthy_says_why_in_the_words_of_its_last_check() -> None:
    checks = [{"Output": "healthy\n"}, {"Output": "not healthy: it says 503\n"}]
    one = inspected(Status="running", Health={"Status": "starting", "Log": checks})
    assert one.trouble == "starting, not healthy: it says 503"


def test_what_is_well_or_was_never_checked_has_its_word_alone() -> None:
    checks = [{"Output": "healthy"}]
    assert inspected(Status="running", Health={"Status": "healthy", "Log": checks}).trouble == (
        "healthy"
    )
    assert inspected(Status="running", Health={"Status": "starting", "Log": None}).trouble == (
        "starting"
    )
    assert inspected(Status="running").trouble == "running"


def test_what_has_ended_says_how_and_not_what_it_said_before() -> None:
    health = {"Status": "unhealthy", "Log": [{"Output": "not healthy"}]}
    ended = inspected(Status="exited", ExitCode=3, Health=health)
    assert ended.trouble == "exited (exit code 3)"
    killed = inspected(Status="exited", ExitCode=137, OOMKilled=True, Health=health)
    assert killed.trouble == "killed, its memory was not enough"
