from menuvo_ops.containers.report import memory_by_container, state_of_all


def test_memory_is_read_in_every_unit_that_docker_uses() -> None:
    printed = "\n".join(
        f'{{"ID":"{name * 12}","MemUsage":"{usage} / 1GiB"}}'
        for name, usage in {"a": "512B", "b": "1.5KiB", "c": "3.895MiB", "d": "2GiB"}.items()
    )
    assert memory_by_container(printed) == {
        "a" * 12: 512,
        "b" * 12: 1536,
        "c" * 12: 4_084_203,
        "d" * 12: 2 * 2**30,
    }


def test_the_state_of_the_whole_is_that_of_its_worst_part() -> None:
    assert state_of_all([]) == "stopped"
    assert state_of_all(["healthy", "healthy"]) == "running"
    assert state_of_all(["healthy", "starting"]) == "starting"
    assert state_of_all(["starting", "restarting"]) == "degraded"
