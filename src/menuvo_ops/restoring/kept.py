"""The databases that restores kept, as PostgreSQL itself lists them."""

from collections.abc import Iterable

from menuvo_ops.errors import CommandFailed, ServiceFailed
from menuvo_ops.rollout.database import ask
from menuvo_ops.rollout.scene import Scene

_NAMED = r"SELECT datname FROM pg_database WHERE datname ~ '^menuvo_(%s)_\d{8}T\d{6}Z$'"
_SINCE = "SELECT count(*) FROM orders WHERE placed_at >= '{moment}'"


def kept_databases(scene: Scene) -> frozenset[str]:
    """Raises ServiceFailed: who does not know what is kept does not know whether it switched."""
    return _named(scene, "before")


def droppable_databases(scene: Scene) -> frozenset[str]:
    """Also those that were restored and taken away again. Raises ServiceFailed."""
    return _named(scene, "before|undone")


def _named(scene: Scene, words: str) -> frozenset[str]:
    try:
        return frozenset(ask(scene.stack, scene.container("postgres"), _NAMED % words).split())
    except CommandFailed as failure:
        raise ServiceFailed(
            "The database cannot be asked what restores kept.", hint=failure.hint
        ) from failure


def newest_kept(databases: Iterable[str]) -> str:
    """The moment at which the newest was kept; empty without one."""
    return max((name.rpartition("_")[2] for name in databases), default="")


def count_orders_since(scene: Scene, moment: str) -> int | None:
    """None where the live database cannot say."""
    try:
        told = ask(scene.stack, scene.container("postgres"), _SINCE.format(moment=moment))
    except (CommandFailed, ServiceFailed):
        return None
    return int(told) if told.isdecimal() else None
