"""Which steps lead from one release to the next, for every way in which they can differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuvo_ops.rollout.fingerprints import Fingerprints
from menuvo_ops.rollout.plan import (
    FOUNDATION,
    INSTANCES,
    TASKS,
    WORKERS,
    Changes,
    changes,
    needs_maintenance,
    steps,
)

SOAK = 25.0
COMPANIONS = ("postgres-backup", "socket-proxy", "beszel", "beszel-agent", "gatus")
ALL = (*FOUNDATION, *INSTANCES, *WORKERS, *COMPANIONS)
_services = st.frozensets(st.sampled_from([*ALL, "their-own"]))
_changed = st.builds(
    Changes,
    services=_services,
    edge=st.booleans(),
    ground=st.booleans(),
    migrates=st.booleans(),
    login=st.booleans(),
    owner=st.booleans(),
    troubled=st.frozensets(st.sampled_from(INSTANCES)),
)
_soak = st.sampled_from([0.0, 25.0])


def planned(
    *services: str, edge: bool = False, ground: bool = False, migrates: bool = False
) -> list[str]:
    return steps(Changes(frozenset(services), edge, ground, migrates), soak_seconds=SOAK)


def test_a_new_platform_goes_by_the_canary_and_the_comparison() -> None:
    assert planned(*INSTANCES, *WORKERS) == [
        *("canary", "install", "platform-a", "soak", "platform-b"),
        *("worker-images", "worker-imports", "settle"),
    ]


def test_the_database_goes_first_after_a_backup() -> None:
    assert planned(*INSTANCES, migrates=True)[:3] == ["dump", "migrate", "canary"]


def test_one_changed_worker_is_all_that_is_replaced() -> None:
    assert planned("worker-images") == ["install", "worker-images", "settle"]


def test_a_value_that_no_container_reads_is_put_in_place_too() -> None:
    changed = Changes(frozenset(), environment=True)
    assert not changed.nothing
    assert steps(changed, soak_seconds=SOAK) == ["install", "monitoring", "settle"]


def test_beszel_is_told_what_is_wanted_once_it_is_there() -> None:
    assert planned("beszel", "gatus") == ["install", "beszel", "gatus", "monitoring", "settle"]


def test_a_changed_caddyfile_is_taken_over_without_replacing_caddy() -> None:
    assert planned(edge=True) == ["install", "edge", "settle"]
    assert planned("caddy", edge=True) == ["install", "caddy", "settle"]


def test_what_watches_comes_last() -> None:
    assert planned("gatus", "postgres-backup", "their-own") == [
        *("install", "their-own", "postgres-backup", "gatus", "settle")
    ]


def test_the_first_deploy_has_a_plan_of_its_own() -> None:
    assert steps(Changes(frozenset(), is_first=True), soak_seconds=SOAK) == [
        *("foundation", "migrate", "everything", "first-dump", "monitoring", "settle")
    ]


def test_both_logins_are_open_from_before_the_first_container_until_after_the_last() -> None:
    changed = Changes(frozenset({*INSTANCES, *WORKERS, "gatus"}), login=True)
    named = steps(changed, soak_seconds=SOAK)
    assert named[:2] == ["open-login", "canary"]
    assert named[-3:] == ["gatus", "close-login", "settle"]
    assert needs_maintenance(changed) == []


def test_the_dump_knows_the_old_password_of_the_owner_and_the_migration_the_new_one() -> None:
    changed = Changes(frozenset({"postgres-backup"}), migrates=True, owner=True)
    assert steps(changed, soak_seconds=SOAK) == [
        *("dump", "owner-password", "migrate", "install", "postgres-backup", "settle")
    ]
    assert needs_maintenance(changed) == []


def test_other_networks_start_everything_anew() -> None:
    assert planned(*INSTANCES, ground=True, migrates=True) == [
        *("dump", "migrate", "canary", "install", "rebuild", "monitoring", "settle")
    ]


def test_a_troubled_instance_is_replaced_before_the_one_that_serves() -> None:
    changed = Changes(frozenset(INSTANCES), troubled=frozenset({"platform-b"}))
    assert steps(changed, soak_seconds=SOAK)[2:4] == ["platform-b", "platform-a"]


@pytest.mark.parametrize("service", FOUNDATION)
def test_what_costs_answers_wants_a_maintenance_and_says_how_much(service: str) -> None:
    [told] = needs_maintenance(Changes(frozenset({service, "gatus"})))
    assert told.startswith(f"{service} is replaced: ")
    assert " s" in told


def test_nothing_else_wants_a_maintenance() -> None:
    changed = Changes(frozenset({*INSTANCES, *WORKERS, *COMPANIONS}), edge=True, migrates=True)
    assert needs_maintenance(changed) == []
    assert needs_maintenance(Changes(frozenset(), ground=True))


def test_only_what_differs_is_changed_and_a_task_never_is() -> None:
    before = Fingerprints(
        {"gatus": "1", "gone": "1", "canary": "1"}, edge="1", ground="1", environment="1"
    )
    after = Fingerprints(
        {"gatus": "1", "new": "1", "canary": "2"}, edge="2", ground="1", environment="1"
    )
    found = changes(before, after, migrates=False)
    assert found == Changes(frozenset({"gone", "new"}), edge=True)
    assert changes(before, before, migrates=False).nothing


@given(_changed, _soak)
def test_every_plan_does_each_thing_once_and_ends_with_remembering(
    changed: Changes, soak: float
) -> None:
    named = steps(changed, soak_seconds=soak)
    assert len(named) == len(set(named))
    assert named[-1] == "settle"
    assert not TASKS - {"migrate", "canary"} & set(named)
    if not changed.ground:
        assert changed.services <= set(named)


@given(_changed, _soak)
def test_no_plan_touches_what_guests_meet_before_it_was_tried(
    changed: Changes, soak: float
) -> None:
    named = steps(changed, soak_seconds=soak)
    if "canary" in named:
        first = min(named.index(name) for name in (*INSTANCES, "rebuild") if name in named)
        assert named.index("canary") < named.index("install") < first
    if "open-login" in named:
        closed = named.index("close-login")
        assert named.index("open-login") < named.index("install") < closed == len(named) - 2
    if "migrate" in named:
        assert named.index("dump") < named.index("migrate") < named.index("install")


def test_without_a_comparison_the_second_instance_follows_at_once() -> None:
    named = steps(Changes(frozenset(INSTANCES)), soak_seconds=0.0)
    assert named == ["canary", "install", "platform-a", "platform-b", "settle"]
