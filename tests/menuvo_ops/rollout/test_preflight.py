"""What can be known before anything changes: the rules that need no server."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from menuvo_ops.rollout.preflight.database import newest_backup_hours
from menuvo_ops.rollout.preflight.machine import available_memory, disk_is_full, published_ports

GB = 1_000_000_000


@pytest.mark.parametrize(
    ("total", "free", "is_full"),
    [
        (40 * GB, 3 * GB, False),
        (40 * GB, 1.9 * GB, True),
        (100 * GB, 4.9 * GB, True),
        (100 * GB, 5.1 * GB, False),
        (1 * GB, 1 * GB, True),
    ],
)
def test_a_disk_is_full_below_two_gigabytes_or_a_twentieth(
    total: float, free: float, is_full: bool
) -> None:
    assert disk_is_full(int(total), int(free)) is is_full


def test_memory_is_what_the_kernel_calls_available() -> None:
    meminfo = "MemTotal:  8000000 kB\nMemFree:  100 kB\nMemAvailable:    655360 kB\n"
    assert available_memory(meminfo) == 640 * 1024 * 1024
    assert available_memory("MemTotal: 1 kB\n") is None


def backup(hours: float, outcome: str = "good") -> dict[str, str]:
    ended = datetime.now(UTC) - timedelta(hours=hours)
    return {"outcome": outcome, "ended": ended.isoformat()}


def test_the_newest_good_backup_counts() -> None:
    listed = [backup(50), backup(25), backup(1, "failed"), {"outcome": "running"}]
    age = newest_backup_hours(json.dumps(listed))
    assert age
    assert 24.9 < age < 25.1


@pytest.mark.parametrize("listed", [[], [backup(1, "failed")]])
def test_without_a_good_backup_there_is_no_age(listed: list[dict[str, str]]) -> None:
    assert newest_backup_hours(json.dumps(listed)) is None


def test_an_instant_without_a_zone_is_meant_in_utc() -> None:
    ended = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=3)
    age = newest_backup_hours(json.dumps([{"outcome": "good", "ended": ended.isoformat()}]))
    assert age
    assert 2.9 < age < 3.1


def test_ports_are_those_that_the_compose_file_publishes_by_tcp() -> None:
    ports = [
        {"published": "80", "protocol": "tcp"},
        {"published": "443", "protocol": "tcp", "host_ip": "127.0.0.9"},
        {"published": "443", "protocol": "udp"},
        {"target": 3000, "protocol": "tcp"},
    ]
    config = json.dumps({"services": {"caddy": {"ports": ports}, "redis": {}}})
    assert published_ports(config) == [("127.0.0.1", 80), ("127.0.0.9", 443)]
