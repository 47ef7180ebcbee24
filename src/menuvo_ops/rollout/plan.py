"""Which steps lead from one release to another: a function of what was found out before."""

from collections.abc import Iterable
from dataclasses import dataclass

from menuvo_ops.rollout.fingerprints import Fingerprints

INSTANCES = ("platform-a", "platform-b")
WORKERS = ("worker-images", "worker-imports")
# Whoever replaces one of these stops requests or orders for some seconds.
FOUNDATION = ("postgres", "redis", "caddy")
SECONDS_OF_SILENCE = {
    "postgres": "orders and logins fail for about 10 s; menus in memory stay readable",
    "redis": "boards hear of orders up to 2 s late for about 5 s; no request fails",
    "caddy": "nothing answers for about 3 s",
}
# These after everything that guests and restaurants notice.
_COMPANIONS = ("postgres-backup", "socket-proxy", "beszel", "beszel-agent", "gatus")
# Run to their end and are no part of what goes on running.
TASKS = frozenset(
    {"migrate", "seed", "canary", "backup-verify", "backup-restore", "backup-recover"}
)


@dataclass(frozen=True)
class Changes:
    """What is another one in the new release. `services` are without tasks."""

    services: frozenset[str]
    edge: bool = False
    ground: bool = False
    migrates: bool = False
    is_first: bool = False
    # As whom the platform connects to the database, and the password of the database's owner.
    login: bool = False
    owner: bool = False
    # Instances that do not serve as it is: they are replaced before those that do.
    troubled: frozenset[str] = frozenset()
    # Also values that no container reads: the tool itself does, to tell how a deploy ended.
    environment: bool = False

    @property
    def nothing(self) -> bool:
        changed = self.services or self.edge or self.ground or self.environment
        return not (changed or self.migrates or self.is_first)

    @property
    def foundation(self) -> tuple[str, ...]:
        return tuple(name for name in FOUNDATION if name in self.services)

    @property
    def instances(self) -> tuple[str, ...]:
        named = (name for name in INSTANCES if name in self.services)
        return tuple(sorted(named, key=lambda name: name not in self.troubled))

    @property
    def workers(self) -> tuple[str, ...]:
        return tuple(name for name in WORKERS if name in self.services)

    @property
    def companions(self) -> tuple[str, ...]:
        known = {*FOUNDATION, *INSTANCES, *WORKERS}
        others = sorted(self.services - known - set(_COMPANIONS))
        return (*others, *(name for name in _COMPANIONS if name in self.services))


def changes(before: Fingerprints, after: Fingerprints, *, migrates: bool) -> Changes:
    names = {*before.services, *after.services} - TASKS
    return Changes(
        services=frozenset(
            name for name in names if before.services.get(name) != after.services.get(name)
        ),
        edge=before.edge != after.edge,
        ground=before.ground != after.ground,
        environment=before.environment != after.environment,
        migrates=migrates,
    )


def steps(changed: Changes, *, soak_seconds: float) -> list[str]:
    """Names in the order in which they are done; each is one of `steps/`, or a service."""
    if changed.is_first:
        return ["foundation", "migrate", "everything", "first-dump", "monitoring", "settle"]
    replaced = ["rebuild"] if changed.ground else list(_replaced(changed, soak_seconds))
    tried = ["canary"] if changed.ground or changed.instances else []
    told = changed.ground or changed.environment or "beszel" in changed.services
    watched = ["monitoring"] if told else []
    closed = ["close-login"] if changed.login else []
    return [*_database(changed), *tried, "install", *replaced, *watched, *closed, "settle"]


def _replaced(changed: Changes, soak_seconds: float) -> Iterable[str]:
    if changed.edge and "caddy" not in changed.services:
        yield "edge"
    yield from changed.foundation
    for position, name in enumerate(changed.instances):
        yield name
        compares = len(changed.instances) > 1 and not changed.troubled
        if position == 0 and compares and soak_seconds > 0:
            yield "soak"
    yield from changed.workers
    yield from changed.companions


def _database(changed: Changes) -> Iterable[str]:
    """The dump is of whoever knows the old password, and what migrates knows the new one."""
    if changed.migrates:
        yield "dump"
    if changed.owner:
        yield "owner-password"
    if changed.login:
        yield "open-login"
    if changed.migrates:
        yield "migrate"


def needs_maintenance(changed: Changes) -> list[str]:
    """Why a plain deploy is not enough, in words."""
    told = [f"{name} is replaced: {SECONDS_OF_SILENCE[name]}" for name in changed.foundation]
    if changed.ground:
        told.append(
            "networks or volumes are other ones: everything is started anew, about a minute"
        )
    return told
