"""Copies of infra/ with one change each, as a release would ship them."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.system.bed.production import CHECKOUT

# Answered by the edge with every page, once it has taken over the changed Caddyfile.
HEADER, SAYS = "X-Rollout-Edge", "changed"


def copy_of_infra(target: Path, change: Callable[[Path], None]) -> Path:
    shutil.copytree(CHECKOUT / "infra", target)
    change(target)
    return target


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new))


def change_caddyfile(infra: Path) -> None:
    _add_to_the_edge(infra, f"header {HEADER} {SAYS}")


def break_caddyfile(infra: Path) -> None:
    _add_to_the_edge(infra, "no_such_directive on")


def _add_to_the_edge(infra: Path, line: str) -> None:
    _replace(infra / "caddy/Caddyfile", "\theader -Via\n", f"\theader -Via\n\t{line}\n")


def change_gatus(infra: Path) -> None:
    _replace(infra / "gatus/gatus.yaml", "concurrency: 3\n", "concurrency: 2\n")


def change_redis_limit(infra: Path) -> None:
    """Which recreates Redis, so a plain deploy must refuse it. More would be too much in sum."""
    limit = "mem_limit: {0}\n    memswap_limit: {0}"
    _replace(infra / "docker-compose.yml", limit.format("256m"), limit.format("255m"))


def change_backup(infra: Path) -> None:
    checked = "interval: {}s\n      timeout: 10s"
    _replace(infra / "docker-compose.yml", checked.format(60), checked.format(61))


CHANGES: Mapping[str, Callable[[Path], None]] = {
    "changed_caddyfile": change_caddyfile,
    "broken_caddyfile": break_caddyfile,
    "changed_gatus": change_gatus,
    "changed_redis_limit": change_redis_limit,
    "changed_backup": change_backup,
}
