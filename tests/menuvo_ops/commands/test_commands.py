"""Commands are data: nothing runs here."""

from pathlib import Path

from menuvo_ops.commands import apt, caddy, platform, postgres, process, pypi, redis

BIN = Path("/pg/bin")


def test_a_mapped_user_runs_in_a_namespace_of_its_own() -> None:
    assert process.as_mapped_user(["initdb"], 1) == [
        *["unshare", "--user", "--map-user=1", "--"],
        "initdb",
    ]


def test_a_tether_names_the_signal_of_the_kernel() -> None:
    assert process.tethered(["redis-server"], "KILL") == [
        *["setpriv", "--pdeathsig", "KILL", "--"],
        "redis-server",
    ]


def test_a_cluster_has_checksums_passwords_and_unicode_order() -> None:
    argv = postgres.initdb(BIN, Path("/data"), password_file=Path("/pw"), provider="icu")
    assert argv == [
        "/pg/bin/initdb",
        "--pgdata=/data",
        "--username=menuvo",
        "--pwfile=/pw",
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=icu",
        "--icu-locale=und",
        "--no-sync",
        "--no-instructions",
    ]


def test_only_a_fast_server_gives_up_durability() -> None:
    durable = postgres.serve(BIN, Path("/data"), port=5432)
    fast = postgres.serve(BIN, Path("/data"), port=5432, fast=True)

    assert durable[:3] == ["/pg/bin/postgres", "-D", "/data"]
    assert "listen_addresses=127.0.0.1" in durable
    assert "port=5432" in durable
    assert "fsync=off" not in durable
    assert "fsync=off" in fast


def test_redis_reads_its_password_from_a_file_and_keeps_everything_when_full() -> None:
    file = Path("/r/redis.conf")
    assert redis.serve(Path("/bin/redis-server"), file) == ["/bin/redis-server", "/r/redis.conf"]

    text = redis.configuration(Path("/r"), port=6379, password="s3cret", persistent=False)
    lines = text.splitlines()
    assert {"bind 127.0.0.1", "requirepass s3cret", "maxmemory-policy noeviction"} < set(lines)
    assert 'save ""' in lines


def test_packages_are_fetched_beside_the_system_and_not_into_it() -> None:
    text = apt.configuration(Path("/s p"), installed=Path("/status"))
    assert 'Dir::State "/s p/state";' in text
    assert 'Dir::State::status "/status";' in text
    assert 'Dir::Cache "/s p/cache";' in text
    assert 'Acquire::http::Timeout "20";' in text

    assert apt.download(Path("/s/apt.conf"), ["libpq5=15"]) == [
        *["apt-get", "-c", "/s/apt.conf", "-q"],
        *["download", "libpq5=15"],
    ]


def test_a_wheel_is_fetched_alone_by_its_hash_and_for_its_own_python() -> None:
    file, target = Path("/p/requirements.txt"), Path("/p")
    same = ["--python-version", "3.13", "--only-binary", ":all:", "--no-deps", "--require-hashes"]
    same += ["--target", "/p", "-r", "/p/requirements.txt"]
    assert pypi.by_uv("/bin/uv", file, target, machine="aarch64") == [
        *["/bin/uv", "pip", "install", "--quiet"],
        *["--python-platform", "aarch64-manylinux_2_28", *same],
    ]
    assert pypi.by_pip("/bin/pip3", file, target, machine="x86_64") == [
        *["/bin/pip3", "install", "--quiet", "--no-compile"],
        *["--platform", "manylinux_2_28_x86_64", *same],
    ]


def test_the_platform_is_asked_by_its_own_command() -> None:
    program = Path("/bin/menuvo-platform")
    assert platform.migrate(program) == ["/bin/menuvo-platform", "migrate"]
    assert platform.seed(program) == ["/bin/menuvo-platform", "seed"]
    assert platform.worker(program, "images") == ["/bin/menuvo-platform", "worker", "images"]
    assert platform.serve(program, port=18081) == [
        *["/bin/menuvo-platform", "serve"],
        *["--host", "127.0.0.1", "--port", "18081"],
    ]


def test_caddy_is_told_how_to_read_its_file() -> None:
    assert caddy.run(Path("/bin/caddy"), Path("/c/Caddyfile")) == [
        *["/bin/caddy", "run"],
        *["--adapter", "caddyfile", "--config", "/c/Caddyfile"],
    ]
