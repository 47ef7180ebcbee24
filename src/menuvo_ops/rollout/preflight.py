"""Everything that can be known before anything changes; all that is wrong is told together."""

import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

from menuvo_ops.commands import docker
from menuvo_ops.errors import CommandFailed, NotReady, OpsError
from menuvo_ops.rollout.clock import age_in_seconds
from menuvo_ops.rollout.database import revision
from menuvo_ops.rollout.plan import INSTANCES, TASKS, needs_maintenance
from menuvo_ops.rollout.scene import Scene

_GB = 1_000_000_000
_LEAST_FREE_BYTES = 2 * _GB
_LEAST_FREE_SHARE = 0.05
# The canary's limit, and a little for what Docker itself needs.
_LEAST_MEMORY_BYTES = (512 + 128) * 1024 * 1024
_OLDEST_BACKUP_HOURS = 26
_MEMINFO = Path("/proc/meminfo")


@dataclass(frozen=True)
class Problem:
    told: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.told}. {self.remedy}"


Check = Callable[[Scene], Iterator[Problem]]


def require_ready(scene: Scene, *, going_back: bool) -> None:
    """Raises NotReady with every problem."""
    found = problems(scene, going_back=going_back)
    if found:
        told = "\n".join(f"- {problem}" for problem in found)
        raise NotReady(f"Nothing was changed, because:\n{told}")


def problems(scene: Scene, *, going_back: bool) -> list[Problem]:
    """The way back asks less: it needs neither a healthy release nor a fresh backup."""
    found: list[Problem] = []
    checks = _FIRST if scene.previous is None else _GOING_BACK if going_back else _DEPLOYING
    for check in checks:
        try:
            found += check(scene)
        except OpsError as error:
            found.append(Problem(error.message.rstrip("."), error.hint))
    return found


def _disk(scene: Scene) -> Iterator[Problem]:
    root = scene.stack.shell.run(docker.data_folder(), what="Asking Docker").strip()
    for folder in {scene.stack.directory, Path(root)}:
        if folder.is_dir():
            usage = shutil.disk_usage(folder)
            if disk_is_full(usage.total, usage.free):
                yield Problem(
                    f"Only {usage.free / _GB:.1f} GB of the disk of {folder} are free"
                    f" ({usage.free / usage.total:.0%})",
                    "docker system df shows what takes the room.",
                )


def disk_is_full(total: int, free: int) -> bool:
    return free < _LEAST_FREE_BYTES or free < total * _LEAST_FREE_SHARE


def _memory(_scene: Scene) -> Iterator[Problem]:
    available = available_memory(_MEMINFO.read_text()) if _MEMINFO.exists() else None
    if available is not None and available < _LEAST_MEMORY_BYTES:
        yield Problem(
            f"Only {available // 1024 // 1024} MiB of memory are available and the canary needs"
            f" {_LEAST_MEMORY_BYTES // 1024 // 1024}",
            "docker stats shows who has it.",
        )


def available_memory(meminfo: str) -> int | None:
    """In bytes."""
    for line in meminfo.splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _health(scene: Scene) -> Iterator[Problem]:
    if scene.options.repair:
        return
    there = scene.containers()
    for name in INSTANCES:
        if name not in there or not there[name].is_well:
            word = there[name].word if name in there else "missing"
            yield Problem(f"{name} is {word}", "Mend it first, or deploy over it with --repair.")


def _drift(scene: Scene) -> Iterator[Problem]:
    """Whether what runs is what the current release says."""
    if scene.options.repair or scene.previous is None:
        return
    there = scene.containers()
    expected = scene.expected(scene.previous)
    images = set(scene.previous.images.values())
    other = sorted(
        name
        for name, hashed in expected.items()
        if name not in TASKS
        and name in there
        and (there[name].config_hash != hashed or there[name].image not in images)
    )
    missing = sorted(set(expected) - TASKS - set(there))
    if other or missing:
        told = [f"{name} was changed" for name in other] + [f"{name} is gone" for name in missing]
        yield Problem(
            f"What runs is not release {scene.previous.name}: {', '.join(told)}",
            "Take over what runs with: menuvo releases adopt. Or set it right with --repair.",
        )


def _edge(scene: Scene) -> Iterator[Problem]:
    if scene.options.repair or "caddy" not in scene.containers():
        return
    if not scene.caddy().lives_by_its_files():
        yield Problem(
            "Caddy runs with another configuration than its files say",
            "Reload it (docs/guides/production-by-hand.md), or deploy with --repair.",
        )


def _new_edge(scene: Scene) -> Iterator[Problem]:
    if not scene.changed.edge:
        return
    argv = ["caddy", "validate", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
    project = scene.project(scene.target, apart=True)
    try:
        scene.stack.run_task(project, "caddy", argv, seconds=60)
    except CommandFailed as failure:
        last = (failure.hint.splitlines() or [""])[-1]
        yield Problem(f"Caddy refuses the new configuration: {last}", "Mend it and deploy again.")


def _backup(scene: Scene) -> Iterator[Problem]:
    if scene.options.accept_stale_backup:
        return
    age = newest_backup_hours(_listed_backups(scene))
    if age is None or age > _OLDEST_BACKUP_HOURS:
        told = "There is no backup" if age is None else f"The last backup is {age:.0f} h old"
        yield Problem(
            told,
            "Make one: docker compose exec postgres-backup menuvo-backup now."
            " Or go on with --accept-stale-backup.",
        )


class _Backup(TypedDict, total=False):
    outcome: str
    ended: str


def _listed_backups(scene: Scene) -> str:
    argv = ["menuvo-backup", "list", "--json"]
    return scene.stack.execute(scene.container("postgres-backup"), argv)


def newest_backup_hours(listed: str) -> float | None:
    """From what `menuvo-backup list --json` printed; None without a good one."""
    ages = [
        age_in_seconds(one.get("ended", "")) / 3600
        for one in cast("list[_Backup]", json.loads(listed))
        if one.get("outcome") == "good"
    ]
    return min(ages, default=None)


def _schema(scene: Scene) -> Iterator[Problem]:
    applied = revision(scene)
    needed, target = scene.target.schema.oldest, scene.target.schema
    least = scene.previous.schema.least_head(applied) if scene.previous else ""
    if target.head < least:
        yield Problem(
            f"The database is at schema {applied}, for which a release needs schema {least};"
            f" {scene.target.version} has {target.head}",
            _newer_ones(scene, least),
        )
    if applied is not None and applied < needed and scene.target.restores:
        yield Problem(
            f"{scene.target.version} needs schema {needed} and the database is at {applied}",
            "Deploy that version instead: menuvo deploy --version migrates.",
        )
    if scene.previous is None:
        return
    running = scene.previous.schema.head
    for step in target.pending_contracts(applied, running=running):
        yield Problem(
            f"Migration {step} takes away what schema {running} of {scene.previous.name} uses",
            f"Deploy a release with schema {target.contracts[step]} first; it can live with that.",
        )


def _newer_ones(scene: Scene, least: str) -> str:
    able = [one.name for one in scene.archive.releases() if one.schema.head >= least]
    choices = f"These can come back: {', '.join(able)}. " if able else ""
    return f"{choices}Or restore a backup from before that migration (its orders would be lost)."


def _maintenance(scene: Scene) -> Iterator[Problem]:
    if scene.options.maintenance:
        return
    for told in needs_maintenance(scene.changed):
        yield Problem(told, "Choose a quiet hour and add --maintenance.")


def _identity(scene: Scene) -> Iterator[Problem]:
    """Two things that make another production of the same folder."""
    if scene.previous is None:
        return
    before, after = scene.project(scene.previous).name, scene.project(scene.target).name
    if before != after:
        yield Problem(
            f"COMPOSE_PROJECT_NAME is {after} and was {before}: all volumes would be new ones",
            "Set it back.",
        )
    if scene.secret("DB_PASSWORD", scene.previous) != scene.secret("DB_PASSWORD", scene.target):
        yield Problem(
            "DB_PASSWORD is another one than the database was made with, and a deploy does not"
            " change it there",
            f"Set it back: it stands in {scene.folder(scene.previous)}/.env.",
        )


def _rights(scene: Scene) -> Iterator[Problem]:
    if not os.access(scene.stack.directory, os.W_OK):
        yield Problem(f"{scene.stack.directory} cannot be written", "Run this as its owner.")


def _strangers(scene: Scene) -> Iterator[Problem]:
    there = sorted(set(scene.containers()) - TASKS)
    if there:
        yield Problem(
            f"Containers run that no release describes: {', '.join(there)}",
            "Take them over: menuvo releases adopt.",
        )


def _ports(scene: Scene) -> Iterator[Problem]:
    config = scene.stack.config(scene.project(scene.target))
    for address, port in published_ports(config):
        with socket.socket() as client:
            client.settimeout(1)
            if client.connect_ex((address, port)) == 0:
                yield Problem(
                    f"Port {port} is taken by another program",
                    "ss -ltnp shows which. Stop it, or set HTTP_PORT and HTTPS_PORT.",
                )


class _Published(TypedDict, total=False):
    published: str
    host_ip: str
    protocol: str


def published_ports(config: str) -> list[tuple[str, int]]:
    """Where the compose file, as JSON, wants to listen; by TCP."""
    services = cast("dict[str, dict[str, list[_Published]]]", json.loads(config)["services"])
    wanted = (port for service in services.values() for port in service.get("ports", []))
    return [
        (port.get("host_ip") or "127.0.0.1", int(port.get("published", "0")))
        for port in wanted
        if port.get("protocol") == "tcp" and port.get("published")
    ]


_FIRST: tuple[Check, ...] = (_rights, _disk, _memory, _strangers, _ports)
_GOING_BACK: tuple[Check, ...] = (_rights, _identity, _disk, _schema, _maintenance)
_DEPLOYING: tuple[Check, ...] = (
    *(_rights, _identity, _disk, _memory, _health, _drift, _edge, _new_edge),
    *(_backup, _schema, _maintenance),
)
