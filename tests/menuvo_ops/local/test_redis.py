from pathlib import Path

import pytest
from redis import Redis

from menuvo_ops.errors import ServiceFailed
from menuvo_ops.local.probes import RedisProbe
from menuvo_ops.local.redis import RedisServer, empty, running_redis

pytestmark = [pytest.mark.system, pytest.mark.core]

PACKAGES = Path(".menuvo/packages")


def test_redis_runs_as_long_as_the_block_and_forgets_when_fast(tmp_path: Path) -> None:
    with running_redis(tmp_path, packages=PACKAGES, fast=True) as server:
        with Redis.from_url(server.url(), decode_responses=True) as client:
            client.set("kept", "no")
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert not RedisProbe(server.port, "wrong").healthy()

    assert not RedisProbe(server.port, server.password).healthy()
    with (
        running_redis(tmp_path, packages=PACKAGES, fast=True) as server,
        Redis.from_url(server.url()) as client,
    ):
        assert client.get("kept") is None


def test_it_can_be_emptied_by_who_knows_the_password_alone(tmp_path: Path) -> None:
    with (
        running_redis(tmp_path, packages=PACKAGES, fast=True) as server,
        Redis.from_url(server.url(), decode_responses=True) as client,
    ):
        client.set("remembered", "yes")
        with pytest.raises(ServiceFailed, match="could not be emptied"):
            empty(RedisServer(server.port, "wrong"))
        assert client.get("remembered") == "yes"
        empty(server)
        assert client.get("remembered") is None


def test_only_the_owner_reads_the_password(tmp_path: Path) -> None:
    with running_redis(tmp_path, packages=PACKAGES, fast=True):
        for name in ("password", "redis.conf"):
            assert (tmp_path / name).stat().st_mode & 0o077 == 0
