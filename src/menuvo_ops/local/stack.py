"""The platform on one machine without containers, as data: seven services and two tasks, and what
watches them where it was built."""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.commands import caddy, platform, process
from menuvo_ops.local import postgres, redis
from menuvo_ops.local.binaries import Binaries
from menuvo_ops.local.monitoring.services import Monitoring
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.postgres import PostgresServer
from menuvo_ops.local.probes import HeartbeatProbe, HttpProbe, PostgresProbe, RedisProbe
from menuvo_ops.local.redis import RedisServer
from menuvo_ops.local.secrets import remembered_secret
from menuvo_ops.local.services import Service

PREFERRED_PORTS = {
    "caddy": 8080,
    "postgres": 15432,
    "redis": 16379,
    "platform-a": 18081,
    "platform-b": 18082,
}
INSTANCES = ("platform-a", "platform-b")
WORKERS = ("images", "imports")

# The shell's other variables stay out: a DATABASE_URL set for another program must not win.
_INHERITED = (
    "HOME",
    "LANG",
    "LC_ALL",
    "PATH",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TMPDIR",
    "USER",
)


@dataclass(frozen=True)
class Programs:
    postgres: Binaries
    redis: redis.Program
    platform: Path
    caddy: Path


@dataclass(frozen=True)
class Address:
    """Where Caddy listens, and what people type."""

    bind: str
    host: str
    port: int

    @property
    def base_url(self) -> str:
        return f"http://{self.host}:{self.port}"


@dataclass(frozen=True)
class Stack:
    clone: Clone
    programs: Programs
    ports: Mapping[str, int]
    address: Address
    release: str
    monitoring: Monitoring | None = None

    def services(self) -> list[Service]:
        """In the order in which they are listed; their needs decide when they start."""
        return [
            self._postgres(),
            self._redis(),
            *self._tasks(),
            *(self._instance(name) for name in INSTANCES),
            *(self._worker(kind) for kind in WORKERS),
            self._caddy(),
            *(self.monitoring.services() if self.monitoring else []),
        ]

    def inherited(self) -> dict[str, str]:
        return {name: os.environ[name] for name in _INHERITED if name in os.environ}

    def _postgres(self) -> Service:
        data = self.clone.postgres / "data"
        port = self.ports["postgres"]
        return Service(
            name="postgres",
            argv=postgres.server_argv(self.programs.postgres, data, port=port),
            env=self.programs.postgres.env,
            probe=PostgresProbe(port),
            # SIGTERM would wait for every client to leave; SIGINT asks them to.
            stop_with=signal.SIGINT,
            grace=60,
        )

    def _redis(self) -> Service:
        server = self.redis_server
        return Service(
            name="redis",
            argv=redis.server_argv(self.programs.redis, self.clone.redis, server),
            env=self.programs.redis.env,
            probe=RedisProbe(server.port, server.password),
            sign_of_life=RedisProbe(server.port, server.password),
        )

    def _tasks(self) -> list[Service]:
        return [
            Service(
                name="migrate",
                argv=self._tethered(platform.migrate(self.programs.platform)),
                env=self.owner,
                needs=("postgres",),
                uses_database=True,
            ),
            Service(
                name="seed",
                argv=self._tethered(platform.seed(self.programs.platform)),
                env=self.owner,
                needs=("migrate", "redis"),
                uses_database=True,
                output=self.clone.demo,
            ),
        ]

    def _instance(self, name: str) -> Service:
        port = self.ports[name]
        return Service(
            name=name,
            argv=self._tethered(platform.serve(self.programs.platform, port=port)),
            env=self._settings(name),
            probe=HttpProbe(port, "/ready"),
            sign_of_life=HttpProbe(port, "/live"),
            needs=("migrate", "redis"),
            url=f"http://127.0.0.1:{port}",
            uses_database=True,
        )

    def _worker(self, kind: str) -> Service:
        name = f"worker-{kind}"
        self.clone.heartbeats.mkdir(parents=True, exist_ok=True)
        heartbeat = self.clone.heartbeats / name
        return Service(
            name=name,
            argv=self._tethered(platform.worker(self.programs.platform, kind)),
            env={**self._settings(name), "HEARTBEAT_FILE": str(heartbeat)},
            probe=HeartbeatProbe(heartbeat),
            # What is broken from the start shows within a second.
            settles=1,
            sign_of_life=HeartbeatProbe(heartbeat, whatever_it_says=True),
            heartbeat=heartbeat,
            needs=("migrate", "redis"),
            uses_database=True,
        )

    def _caddy(self) -> Service:
        folder, infra = self.clone.caddy, self.clone.root / "infra/caddy"
        # One host, and a Caddy without the module for limits.
        nothing = folder / "nothing"
        nothing.mkdir(parents=True, exist_ok=True)
        argv = caddy.run(self.programs.caddy, infra / "Caddyfile")
        return Service(
            name="caddy",
            argv=self._tethered(argv),
            env={
                "SITE_ADDRESS": f"http://:{self.address.port}",
                "SITE_BIND": self.address.bind,
                "PLATFORM_A": f"127.0.0.1:{self.ports['platform-a']}",
                "PLATFORM_B": f"127.0.0.1:{self.ports['platform-b']}",
                "CADDY_LIMITS": str(nothing),
                "CADDY_PAGES": str(infra / "pages"),
                "CADDY_SITES": str(nothing),
                # Nobody waits for an open kitchen board when everything stops anyway.
                "CADDY_GRACE": "2s",
                "XDG_CONFIG_HOME": str(folder),
                "XDG_DATA_HOME": str(folder),
            },
            probe=HttpProbe(self.address.port, "/ready"),
            # Its answer may be that no instance is ready: that is no reason to start it again.
            sign_of_life=HttpProbe(self.address.port, "/ready", whatever_it_says=True),
            needs=INSTANCES,
            url=self.address.base_url,
        )

    def _settings(self, instance: str) -> dict[str, str]:
        """The platform's environment, as role menuvo_app."""
        password = self._secret("app-db-password")
        return {
            "AUTH_SECRET": self._secret("auth-secret"),
            "DATABASE_URL": self.postgres_server.url("menuvo_app", password=password),
            "MENUVO_INSTANCE": instance,
            "MENUVO_RELEASE": self.release,
            "PUBLIC_URL": self.address.base_url,
            "REDIS_URL": self.redis_server.url(),
            "STORAGE_DIR": str(self.clone.storage),
        }

    @property
    def owner(self) -> dict[str, str]:
        """The environment of what may change the schema and sees all rows."""
        return {
            **self._settings("owner"),
            "DATABASE_URL": self.postgres_server.url(),
            "APP_DB_PASSWORD": self._secret("app-db-password"),
        }

    def empty_redis(self) -> None:
        """Nothing in it is unlosable, and it may know of another database. Raises OpsError."""
        redis.empty(self.redis_server)

    @property
    def postgres_server(self) -> PostgresServer:
        return PostgresServer(self.ports["postgres"], self._secret("postgres"))

    @property
    def redis_server(self) -> RedisServer:
        return RedisServer(self.ports["redis"], self._secret("redis"))

    def _secret(self, name: str) -> str:
        return remembered_secret(self.clone.secrets / name)

    def _tethered(self, argv: list[str]) -> list[str]:
        """Killed with the supervisor: what was acknowledged is committed, the rest is nothing."""
        return process.tethered(argv, "KILL")
