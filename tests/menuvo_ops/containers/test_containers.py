"""How containers are, and which of them are to blame."""

import json

from menuvo_ops.containers.containers import parse, unwell


def listed(service: str, state: str, health: str = "", exit_code: int = 0) -> str:
    told = {"ID": "0", "Name": f"menuvo-{service}-1", "Service": service, "State": state}
    return json.dumps({**told, "Health": health, "ExitCode": exit_code})


def test_the_word_for_a_container_is_that_of_the_embedded_engine() -> None:
    printed = [
        listed("redis", "running", "healthy"),
        listed("gatus", "running"),
        listed("app", "running", "unhealthy"),
        listed("new", "running", "starting"),
        listed("migrate", "exited"),
        listed("worker", "exited", exit_code=3),
        listed("postgres", "restarting", exit_code=78),
    ]
    assert {name: one.word for name, one in parse("\n".join(printed)).items()} == {
        "redis": "healthy",
        "gatus": "healthy",
        "app": "unhealthy",
        "new": "starting",
        "migrate": "stopped",
        "worker": "failed (exit code 3)",
        "postgres": "restarting",
    }


def test_who_is_not_well_is_to_blame() -> None:
    found = parse("\n".join([listed("redis", "running", "healthy"), listed("app", "dead")]))
    assert [one.service for one in unwell(found.values(), "")] == ["app"]


def test_who_is_complained_of_is_to_blame_though_it_looks_well_at_the_moment() -> None:
    found = parse("\n".join([listed("redis", "running"), listed("postgres", "running")]))
    complaint = "container menuvo-postgres-1 is unhealthy"
    assert [one.service for one in unwell(found.values(), complaint)] == ["postgres"]
